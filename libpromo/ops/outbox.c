/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/outbox.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/mail/payload.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"

bool promo_outbox_ready(const struct promo_settings *settings, enum promo_channel channel)
{
	switch (channel) {
	case PROMO_CHANNEL_EMAIL:
		return promo_settings_text(settings, PROMO_SETTING_SMTP_URL)[0];
	case PROMO_CHANNEL_SMS:
		return promo_settings_bool(settings, PROMO_SETTING_SMS_ENABLED) &&
		       promo_settings_text(settings, PROMO_SETTING_SMS_URL)[0];
	case PROMO_CHANNEL_WEBHOOK:
		break;
	}
	return true;
}

int promo_outbox_add(
	struct promo_store *store, struct promo_arena *arena, const struct promo_letter *letter)
{
	const size_t count = letter->recipients.count;
	struct promo_params params = PROMO_PARAMS(arena);
	char(*ids)[PROMO_UUID_SIZE] = promo_arena_alloc_array(arena, count, sizeof(*ids));
	const char **items = promo_arena_alloc_array(arena, count, sizeof(*items));
	const char *payload;
	int r;

	if (count == 0)
		return 0;
	if (!ids || !items)
		return promo_fault(-ENOMEM, "could not write a letter");
	for (size_t i = 0; i < count; i++) {
		promo_uuid_new(ids[i]);
		items[i] = ids[i];
	}
	r = promo_payload_pack(letter, arena, &payload);
	if (r)
		return r;
	promo_param_texts(&params, (struct promo_texts){ items, count });
	promo_param_text(&params, promo_word(&promo_channel_words, (int)letter->channel));
	promo_param_text(&params, letter->kind);
	promo_param_texts(&params, letter->recipients);
	promo_param_text(&params, payload);
	promo_param_int(&params, letter->tried_s ? letter->tried_s : PROMO_LETTER_TRIED_S);
	return promo_store_exec(store, PROMO_Q_OUTBOX_ADD, &params, NULL);
}
