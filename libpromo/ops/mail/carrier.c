/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/carrier.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "libpromo/ops/mail/mail.h"
#include "libpromo/ops/mail/sms.h"
#include "libpromo/ops/mail/webhook.h"

/* Add a channel here. */
const struct promo_carrier *const promo_carriers[] = {
	&promo_carrier_mail,
	&promo_carrier_sms,
	&promo_carrier_webhook,
};
const size_t promo_carrier_count = PROMO_COUNT(promo_carriers);

const struct promo_carrier *promo_carrier_find(enum promo_channel channel)
{
	for (size_t i = 0; i < promo_carrier_count; i++)
		if (promo_carriers[i]->channel == channel)
			return promo_carriers[i];
	return NULL;
}

/* What others said goes to a terminal, a log, and the database, which takes nothing but UTF-8: bytes that
 * are none (also a character that was cut in two) and control characters become blanks. */
static void make_harmless(char *text)
{
	size_t kept = 0, size;
	int32_t character;

	for (char *at = text; *at; at += size) {
		size = promo_utf8_next(at, &character);
		if (size == 0 || promo_utf8_is_control(character)) {
			size = size == 0 ? 1 : size;
			text[kept++] = ' ';
			continue;
		}
		memmove(text + kept, at, size);
		kept += size;
	}
	while (kept > 0 && text[kept - 1] == ' ')
		kept--;
	text[kept] = '\0';
}

void promo_postmark_set(
	struct promo_postmark *ret, enum promo_fate fate, int64_t code, const char *format, ...)
{
	va_list arguments;

	*ret = (struct promo_postmark){ .fate = fate, .code = code };
	va_start(arguments, format);
	(void)vsnprintf(ret->error, sizeof(ret->error), format, arguments);
	va_end(arguments);
	make_harmless(ret->error);
}

int promo_carrier_try(const struct promo_desk *desk, enum promo_channel channel,
	const struct promo_parcel_row *parcel, struct promo_postmark *ret)
{
	const struct promo_carrier *carrier = promo_carrier_find(channel);
	const void *packed = NULL;
	int r;

	if (!carrier) {
		promo_postmark_set(ret, PROMO_FATE_NEVER, 0, "there is nothing that carries %s",
			promo_word(&promo_channel_words, (int)channel));
		return 0;
	}
	r = carrier->pack(desk, parcel, ret, &packed);
	if (!r && packed)
		carrier->send(packed, ret);
	return r;
}
