/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/webhook.h"
#include "libpromo/store/rows_outbox.h"
#include "libpromo/store/store.h"

static int tell_one(const struct promo_teller *teller, const struct promo_webhook_told_row *row)
{
	return promo_tell_by(teller,
		&(struct promo_event){
			.kind = PROMO_EVENT_WEBHOOK_DISABLED,
			.about_kind = "webhook",
			.about_id = row->id,
			.title = "A webhook was disabled",
			.body = row->disabled_reason == PROMO_WEBHOOK_GONE
					? "It answered 410, that it is gone. Delete it, or change "
					  "its "
					  "URL and switch it on again."
					: "Nothing but failures came of it for days. Look at its "
					  "deliveries, mend it, and switch it on again.",
			.status = promo_word(&promo_webhook_reason_words, row->disabled_reason),
			.count = PROMO_NULL_INT,
		});
}

static int tell_disabled(const struct promo_teller *teller)
{
	const struct promo_params none = PROMO_PARAMS(teller->arena);
	const struct promo_webhook_told_row *rows;
	struct promo_objects list;
	int r;

	r = promo_store_all(teller->store, teller->arena, PROMO_Q_WEBHOOK_TELL, &none, &list);
	rows = list.items;
	for (size_t i = 0; !r && i < list.count; i++)
		r = tell_one(teller, &rows[i]);
	return r;
}

int promo_webhook_tidy(const struct promo_teller *teller)
{
	const struct promo_params none = PROMO_PARAMS(teller->arena);
	struct promo_params failing = PROMO_PARAMS(teller->arena);
	struct promo_params old = PROMO_PARAMS(teller->arena);
	int r;

	promo_param_int(
		&failing, promo_settings_int(teller->settings, PROMO_SETTING_WEBHOOKS_FAIL_DAYS));
	r = promo_store_exec(teller->store, PROMO_Q_WEBHOOK_DISABLE, &failing, NULL);
	if (!r)
		r = tell_disabled(teller);
	if (!r)
		r = promo_store_exec(teller->store, PROMO_Q_WEBHOOK_DELIVERY_EXPIRE, &none, NULL);
	if (!r)
		r = promo_store_exec(teller->store, PROMO_Q_WEBHOOK_SECRET_PURGE, &none, NULL);
	if (r)
		return r;
	promo_param_int(
		&old, promo_settings_int(teller->settings, PROMO_SETTING_NOTICES_KEEP_DAYS));
	return promo_store_exec(teller->store, PROMO_Q_WEBHOOK_DELIVERY_PURGE, &old, NULL);
}
