/* SPDX-License-Identifier: MIT */
#include "libpromo/model/outbox.h"

#define T struct promo_fact
static const struct promo_field fact_fields[] = {
	PROMO_F_TEXT(T, name, TEXT, 0, 0, 0, "what it is called"),
	PROMO_F_TEXT(T, value, TEXT, 0, 0, 0, "what it is"),
};
#undef T
const struct promo_schema promo_fact_schema = PROMO_SCHEMA(struct promo_fact, "fact", fact_fields);

#define T struct promo_outbox_letter
static const struct promo_field outbox_letter_fields[] = {
	PROMO_F_TEXT(
		T, id, ID, 0, 0, 0, "the letter's id; the Message-ID of a mail begins with it"),
	PROMO_F_ENUM(T, channel, promo_channel_words, PROMO_COLUMN, "how it goes out"),
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, PROMO_COLUMN, "what it tells"),
	PROMO_F_TEXT(T, recipient, TEXT, 0, 0, PROMO_COLUMN, "an e-mail address or a phone number"),
	PROMO_F_ENUM(T, status, promo_outbox_status_words, PROMO_COLUMN, "where it stands"),
	PROMO_F_INT(T, attempts, 0, 0, PROMO_COLUMN, "how often it was tried"),
	PROMO_F_INT(T, response_code, 0, 0, PROMO_NULLABLE, "what the other side answered last"),
	PROMO_F_TEXT(
		T, last_error, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "why it is not out yet"),
	PROMO_F_TIME(T, next_at, PROMO_NULLABLE, "when it is tried again"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was written"),
	PROMO_F_TIME(T, sent_at, PROMO_NULLABLE, "when it was taken"),
};
#undef T
const struct promo_schema promo_outbox_letter_schema =
	PROMO_SCHEMA(struct promo_outbox_letter, "outbox_letter", outbox_letter_fields);
