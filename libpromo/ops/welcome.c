/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/welcome.h"

#include "libpromo/model/event.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/ops/settings.h"

int promo_user_welcome(struct promo_ctx *ctx, const struct promo_user *user)
{
	const struct promo_settings *settings = ctx->settings;
	const char *word = promo_event_row(PROMO_EVENT_USER_REGISTERED)->word;
	const struct promo_fact facts[] = {
		{ "name", user->first_name },
		{ "identifier", user->email },
		{ "where", promo_settings_text(settings, PROMO_SETTING_SIGN_IN_URL) },
	};

	if (!user->email || !promo_settings_bool(settings, PROMO_SETTING_MAIL_ENABLED) ||
		!promo_settings_lists(settings, PROMO_SETTING_MAIL_EVENTS, word) ||
		!promo_outbox_ready(settings, PROMO_CHANNEL_EMAIL))
		return 0;
	ctx->wake_jobs = true;
	return promo_outbox_add(ctx->store, ctx->arena,
		&(struct promo_letter){
			.channel = PROMO_CHANNEL_EMAIL,
			.kind = "welcome",
			.recipients = { &user->email, 1 },
			.facts = { facts, PROMO_COUNT(facts) },
		});
}
