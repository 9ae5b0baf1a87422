/* SPDX-License-Identifier: MIT */
#include "libpromo/model/event.h"

#include <string.h>

#define IS_MAIL    true
#define IS_NO_MAIL false
#define IS_HOOK    true
#define IS_NO_HOOK false

static const struct promo_event_row rows[PROMO_EVENT_COUNT] = {
#define PROMO_EVENT(name, topic, word, who, permission, mail, hook, help)                          \
	[PROMO_EVENT_##name] = { topic, word, help, PROMO_TELL_##who, PROMO_P_##permission,        \
		IS_##mail, IS_##hook },
#include "libpromo/model/events.def"
#undef PROMO_EVENT
};

/* clang-format off */
static const char *const app_words[] = {
	NULL,
#define PROMO_EVENT(name, topic, word, who, permission, mail, hook, help) word,
#include "libpromo/model/events.def"
#undef PROMO_EVENT
};

#define WORD_MAIL(word) word,
#define WORD_NO_MAIL(word)
static const char *const mail_words[] = {
	NULL,
#define PROMO_EVENT(name, topic, word, who, permission, mail, hook, help) WORD_##mail(word)
#include "libpromo/model/events.def"
#undef PROMO_EVENT
};
/* clang-format on */

const struct promo_words promo_event_app_words = { "app_event", app_words, PROMO_COUNT(app_words) };
const struct promo_words promo_event_mail_words = { "mail_event", mail_words,
	PROMO_COUNT(mail_words) };

const struct promo_event_row *promo_event_row(enum promo_event_kind kind)
{
	return kind > PROMO_EVENT_NONE && kind < PROMO_EVENT_COUNT ? &rows[kind] : &rows[0];
}

bool promo_event_has_topic(const char *topic)
{
	for (int kind = PROMO_EVENT_NONE + 1; kind < PROMO_EVENT_COUNT; kind++)
		if (rows[kind].hook && strcmp(rows[kind].topic, topic) == 0)
			return true;
	return false;
}

#define T struct promo_news
static const struct promo_field news_fields[] = {
	PROMO_F_OBJECT(T, about, struct promo_audit_entity, promo_audit_entity_schema, 0,
		"kind and id of what it is about"),
	PROMO_F_TEXT(T, title, TEXT, 0, 0, 0, "in one line"),
	PROMO_F_TEXT(T, body, TEXT, 0, 0, 0, "the particulars"),
	PROMO_F_OBJECT(T, batch, struct promo_batch_ref, promo_batch_ref_schema, PROMO_OMIT_NULL,
		"the batch that it is about"),
	PROMO_F_TEXT(T, status, TEXT, 0, 0, PROMO_OMIT_NULL, "what it came to be"),
	PROMO_F_INT(T, count, 0, 0, PROMO_OMIT_NULL, "how many"),
	PROMO_F_TEXT(T, user_id, ID, 0, 0, PROMO_OMIT_NULL, "whom it concerns"),
	PROMO_F_TEXT(T, by, ID, 0, 0, PROMO_OMIT_NULL, "the user who did it"),
};
#undef T
const struct promo_schema promo_news_schema = PROMO_SCHEMA(struct promo_news, "news", news_fields);
