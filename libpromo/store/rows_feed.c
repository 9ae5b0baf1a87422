/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_feed.h"

#include "libpromo/model/words.h"

#define T struct promo_feed_writer_row
static const struct promo_field feed_writer_fields[] = {
	PROMO_F_INT(T, writer_id, 0, 0, 0, "the writer"),
	PROMO_F_INT(T, after, 0, 0, 0, "up to where it was read"),
	PROMO_F_INT(T, seq, 0, 0, 0, "up to where it wrote"),
	PROMO_F_INT(T, first, 0, 0, 0, "the first row that was not read"),
	PROMO_F_TIME(T, created_at, 0, "when it was registered"),
	PROMO_F_BOOL(T, ended, 0, "whether it writes no more"),
	PROMO_F_INT(T, settled, 0, 0, 0, "up to which writer all are known"),
};
#undef T
const struct promo_schema promo_feed_writer_row_schema =
	PROMO_SCHEMA(struct promo_feed_writer_row, "feed_writer", feed_writer_fields);

#define T struct promo_feed_row
static const struct promo_field feed_row_fields[] = {
	PROMO_F_INT(T, writer_id, 0, 0, 0, "who wrote it"),
	PROMO_F_INT(T, seq, 0, 0, 0, "its number there"),
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "its id"),
	PROMO_F_TIME(T, at, 0, "when"),
	PROMO_F_ENUM(T, actor_kind, promo_actor_kind_words, 0, "what acted"),
	PROMO_F_TEXT(T, actor_id, ID, 0, 0, PROMO_NULLABLE, "who"),
	PROMO_F_TEXT(T, actor_name, TEXT, 0, 0, PROMO_NULLABLE, "his name"),
	PROMO_F_TEXT(T, session_id, ID, 0, 0, PROMO_NULLABLE, "in which session"),
	PROMO_F_TEXT(T, action, TEXT, 0, 0, 0, "which operation"),
	PROMO_F_TEXT(T, entity_kind, TEXT, 0, 0, PROMO_NULLABLE, "on what"),
	PROMO_F_TEXT(T, entity_id, ID, 0, 0, PROMO_NULLABLE, "on which one"),
	PROMO_F_ENUM(T, outcome, promo_outcome_words, 0, "how it ended"),
	PROMO_F_TEXT(T, error, TEXT, 0, 0, PROMO_NULLABLE, "why it was refused"),
	PROMO_F_TEXT(T, changes, JSON, 0, 0, 0, "what changed"),
	PROMO_F_TEXT(T, phone_hash, TEXT, 0, 0, PROMO_NULLABLE, "of the phone, keyed"),
	PROMO_F_INT(T, count, 0, 0, 0, "how many equal ones it stands for"),
};
#undef T
const struct promo_schema promo_feed_row_schema =
	PROMO_SCHEMA(struct promo_feed_row, "feed_row", feed_row_fields);

#define T struct promo_live_notification_row
static const struct promo_field live_notification_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the notification's id"),
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, 0, "what happened"),
	PROMO_F_TEXT(T, title, TEXT, 0, 0, 0, "in one line"),
	PROMO_F_TEXT(T, body, TEXT, 0, 0, 0, "the particulars"),
	PROMO_F_TEXT(T, link, JSON, 0, 0, 0, "kind and id of what it is about"),
	PROMO_F_TIME(T, read_at, PROMO_NULLABLE, "when it was read"),
	PROMO_F_TIME(T, created_at, 0, "when it happened"),
	PROMO_F_TEXT(T, user_id, ID, 0, 0, PROMO_INTERNAL, "whose it is"),
};
#undef T
const struct promo_schema promo_live_notification_row_schema = PROMO_SCHEMA(
	struct promo_live_notification_row, "live_notification", live_notification_fields);
