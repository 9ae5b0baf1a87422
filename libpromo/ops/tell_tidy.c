/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/alert.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_tell.h"
#include "libpromo/store/store.h"

/* What nobody does and time brings: another version, batches that end soon. Each is told once, by
 * whichever daemon notes it first. */

enum {
	KEPT_DAYS = 400, /* longer than any batch is told of before its end */
};

static int tell_version(const struct promo_teller *teller, const char *version)
{
	struct promo_params params = PROMO_PARAMS(teller->arena);
	struct promo_truth_row new;
	const char *title;
	int r;

	promo_param_text(&params, version);
	r = promo_store_one(teller->store, teller->arena, PROMO_Q_TOLD_VERSION, &params, &new);
	if (r || !new.yes)
		return r;
	title = promo_arena_printf(teller->arena, "The system was updated to version %s", version);
	if (!title)
		return promo_fault(-ENOMEM, "could not tell of a version");
	return promo_tell_by(teller, &(struct promo_event){
					     .kind = PROMO_EVENT_SYSTEM_UPDATE,
					     .about_kind = "system",
					     .title = title,
					     .body = "NEWS.md says what is new.",
					     .status = version,
					     .count = PROMO_NULL_INT,
				     });
}

static int tell_batch(const struct promo_teller *teller, const struct promo_batch_soon_row *batch)
{
	const char *title = promo_arena_printf(
		teller->arena, "%s is good until %s", batch->batch_name, batch->day);
	const char *body = promo_arena_printf(teller->arena,
		"%lld of its codes were not redeemed yet.", (long long)batch->active);

	if (!title || !body)
		return promo_fault(-ENOMEM, "could not tell of a batch");
	return promo_tell_by(teller, &(struct promo_event){
					     .kind = PROMO_EVENT_BATCH_EXPIRING,
					     .about_kind = "batch",
					     .about_id = batch->id,
					     .title = title,
					     .body = body,
					     .user_id = batch->assigned_user_id,
					     .batch_id = batch->id,
					     .batch_name = batch->batch_name,
					     .count = batch->active,
				     });
}

static int tell_expiring(const struct promo_teller *teller)
{
	const int64_t days = promo_settings_int(teller->settings, PROMO_SETTING_EXPIRING_DAYS);
	struct promo_params params = PROMO_PARAMS(teller->arena);
	const struct promo_batch_soon_row *rows;
	struct promo_objects list;
	int r;

	if (days == 0)
		return 0;
	promo_param_int(&params, days);
	r = promo_store_all(teller->store, teller->arena, PROMO_Q_TOLD_EXPIRING, &params, &list);
	if (r)
		return r;
	rows = list.items;
	for (size_t i = 0; !r && i < list.count; i++)
		r = tell_batch(teller, &rows[i]);
	return r;
}

struct dead {
	int64_t letters;
};

#define T struct dead
static const struct promo_field dead_fields[] = {
	PROMO_F_INT(T, letters, 0, 0, 0, "that died of late"),
};
#undef T
static const struct promo_schema dead_schema =
	PROMO_SCHEMA(struct dead, "dead_letters_evidence", dead_fields);

static int alert_of_dead(const struct promo_teller *teller, int64_t letters)
{
	const struct dead evidence = { letters };

	return promo_alert_raise_by(teller, &(struct promo_alert_cause){
						    .kind = PROMO_ALERT_LETTERS_DEAD,
						    .about = "outbox",
						    .told = true,
						    .evidence_schema = &dead_schema,
						    .evidence = &evidence,
						    .count = letters,
						    .more = letters,
					    });
}

/* Of several at once: a server that refuses everything is one piece of news. */
static int tell_dead(const struct promo_teller *teller)
{
	const struct promo_params none = PROMO_PARAMS(teller->arena);
	struct promo_count_row dead;
	const char *title;
	int r;

	r = promo_store_one(teller->store, teller->arena, PROMO_Q_OUTBOX_TELL, &none, &dead);
	if (!r && dead.count > 0)
		r = alert_of_dead(teller, dead.count);
	if (r || dead.count == 0)
		return r;
	title = dead.count == 1 ? "A message could not be sent"
				: promo_arena_printf(teller->arena,
					  "%lld messages could not be sent", (long long)dead.count);
	if (!title)
		return promo_fault(-ENOMEM, "could not tell of dead letters");
	return promo_tell_by(teller, &(struct promo_event){
					     .kind = PROMO_EVENT_MESSAGE_DEAD,
					     .about_kind = "outbox",
					     .title = title,
					     .body = "Look at the dead letters in the outbox for "
						     "the reasons; what was mended "
						     "can be tried again there.",
					     .count = dead.count,
				     });
}

int promo_tell_tidy(const struct promo_teller *teller, const char *version)
{
	struct promo_params old = PROMO_PARAMS(teller->arena);
	int r;

	r = version ? tell_version(teller, version) : 0;
	if (!r)
		r = tell_expiring(teller);
	if (!r)
		r = tell_dead(teller);
	if (r)
		return r;
	promo_param_int(&old, KEPT_DAYS);
	return promo_store_exec(teller->store, PROMO_Q_TOLD_PURGE, &old, NULL);
}
