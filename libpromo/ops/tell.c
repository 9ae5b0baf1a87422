/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/tell.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/webhook.h"
#include "libpromo/store/array.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * In the application.
 */

/* Active users only: who is disabled finds nothing of that time when he comes back. */
static int find_readers(const struct promo_teller *teller, const struct promo_event_row *row,
	const struct promo_event *event, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(teller->arena);

	promo_param_text(&params, row->who & PROMO_TELL_PERSON ? event->user_id : NULL);
	promo_param_text(&params,
		row->who & PROMO_TELL_HOLDERS ? promo_permission_key(row->permission) : NULL);
	promo_param_text(&params, event->by);
	return promo_store_all(
		teller->store, teller->arena, PROMO_Q_NOTIFICATION_READERS, &params, ret);
}

static int insert_all(const struct promo_teller *teller, const struct promo_event_row *row,
	const struct promo_news *news, const struct promo_objects *readers)
{
	const struct promo_id_row *list = readers->items;
	struct promo_array ids = promo_array_new(teller->arena, readers->count, PROMO_UUID_SIZE);
	struct promo_array users = promo_array_new(teller->arena, readers->count, PROMO_UUID_SIZE);
	struct promo_params params = PROMO_PARAMS(teller->arena);
	const char *link;
	int r;

	r = promo_encode(&promo_audit_entity_schema, news->about, teller->arena, &link);
	if (r)
		return r;
	for (size_t i = 0; i < readers->count; i++) {
		char id[PROMO_UUID_SIZE];

		promo_uuid_new(id);
		promo_array_plain(&ids, id);
		promo_array_plain(&users, list[i].id);
	}
	promo_param_array(&params, &ids);
	promo_param_array(&params, &users);
	promo_param_text(&params, row->topic);
	promo_param_text(&params, news->title);
	promo_param_text(&params, news->body);
	promo_param_text(&params, link);
	return promo_store_exec(teller->store, PROMO_Q_NOTIFICATION_INSERT, &params, NULL);
}

static int tell_in_app(const struct promo_teller *teller, const struct promo_event_row *row,
	const struct promo_event *event, const struct promo_news *news)
{
	const struct promo_settings *settings = teller->settings;
	struct promo_objects readers;
	int r;

	if (!promo_settings_bool(settings, PROMO_SETTING_IN_APP_ENABLED) ||
		!promo_settings_lists(settings, PROMO_SETTING_IN_APP_EVENTS, row->word))
		return 0;
	r = find_readers(teller, row, event, &readers);
	if (r || readers.count == 0)
		return r;
	return insert_all(teller, row, news, &readers);
}

/*
 * By mail.
 */

static int tell_by_mail(const struct promo_teller *teller, const struct promo_event_row *row,
	const struct promo_news *news)
{
	const struct promo_settings *settings = teller->settings;
	const struct promo_fact facts[] = {
		{ "title", news->title },
		{ "body", news->body },
		{ "batch", news->batch ? news->batch->batch_name : "" },
		{ "about", news->about->id ? news->about->id : "" },
	};

	if (!row->mail || !promo_settings_bool(settings, PROMO_SETTING_MAIL_ENABLED) ||
		!promo_settings_lists(settings, PROMO_SETTING_MAIL_EVENTS, row->word) ||
		!promo_outbox_ready(settings, PROMO_CHANNEL_EMAIL))
		return 0;
	return promo_outbox_add(teller->store, teller->arena,
		&(struct promo_letter){
			.channel = PROMO_CHANNEL_EMAIL,
			.kind = row->topic,
			.recipients = promo_settings_texts(settings, PROMO_SETTING_MAIL_RECIPIENTS),
			.facts = { .items = facts, .count = PROMO_COUNT(facts) },
		});
}

/*
 * To programs.
 */

static int tell_by_hook(const struct promo_teller *teller, const struct promo_event_row *row,
	const struct promo_news *news)
{
	const char *data;
	int r;

	if (!row->hook)
		return 0;
	r = promo_encode(&promo_news_schema, news, teller->arena, &data);
	return r ? r : promo_webhook_add(teller->store, teller->arena, row->topic, data);
}

int promo_tell_by(const struct promo_teller *teller, const struct promo_event *event)
{
	const struct promo_event_row *row = promo_event_row(event->kind);
	const struct promo_audit_entity about = { event->about_kind, event->about_id };
	const struct promo_batch_ref batch = { event->batch_id, event->batch_name };
	const struct promo_news news = {
		.about = &about,
		.title = event->title,
		.body = event->body,
		.batch = event->batch_id ? &batch : NULL,
		.status = event->status,
		.count = event->count,
		.user_id = event->user_id,
		.by = event->by,
	};
	int r = 0;

	if (!event->only_programs)
		r = tell_in_app(teller, row, event, &news);
	if (!r && !event->only_programs)
		r = tell_by_mail(teller, row, &news);
	return r ? r : tell_by_hook(teller, row, &news);
}

int promo_tell(struct promo_ctx *ctx, const struct promo_event *event)
{
	const struct promo_teller teller = { ctx->store, ctx->arena, ctx->settings };
	struct promo_event told = *event;

	if (!told.by)
		told.by = ctx->actor->user_id;
	/* What is sent goes as soon as this is committed. */
	ctx->wake_jobs = true;
	return promo_tell_by(&teller, &told);
}
