/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/mail.h"

static int pack(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	struct promo_postmark *mark, const void **ret)
{
	(void)desk;
	(void)parcel;
	*ret = NULL;
	promo_postmark_set(mark, PROMO_FATE_LATER, 0, "no mail server is set up");
	return 0;
}

static void send_mail(const void *packed, struct promo_postmark *ret)
{
	(void)packed;
	promo_postmark_set(ret, PROMO_FATE_LATER, 0, "no mail server is set up");
}

const struct promo_carrier promo_carrier_mail = {
	.channel = PROMO_CHANNEL_EMAIL,
	.at_once = 2,
	.claim = PROMO_Q_OUTBOX_CLAIM,
	.record = PROMO_Q_OUTBOX_RECORD,
	.pack = pack,
	.send = send_mail,
};
