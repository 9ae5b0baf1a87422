/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/uuid.h"
#include "promo-tui/outbox.h"

/* One redemption of the outbox: what stands in its file, and what is known of it. For outbox.c. */

#define TUI_OUTBOX_FOLDER "outbox"

/* What stands in a file; its name is the key. */
struct tui_outbox_record {
	const char *server, *user_id, *user_name;
	int64_t begun_at;
	const char *code, *phone_number, *first_name, *last_name, *note;
};

struct tui_outbox_entry {
	struct tui_outbox_entry *next;
	struct promo_arena *arena;
	const char *path;
	char key[PROMO_UUID_SIZE];
	struct tui_outbox_record record;
	int fd; /* holds the lock while it is ours; else -1 */
	bool mine, asked, in_doubt;
	int tries;
	int64_t asked_ms, next_ms; /* monotonic; 0: not looked at yet, and at once */
};

/* Without a file. */
int tui_outbox_entry_new(
	const char *folder, const char *key, struct tui_outbox_entry **ret) PROMO_CHECK;
void tui_outbox_entry_free(struct tui_outbox_entry *entry); /* the file stays */

/* Reads the file; PROMO_E_INVALID_INPUT if it holds no redemption. */
int tui_outbox_entry_read(struct tui_outbox_entry *entry) PROMO_CHECK;
/* Writes the file and locks it. The problem's texts are the entry's. */
int tui_outbox_entry_write(const struct promo_profile *profile,
	const struct tui_outbox_record *record, struct tui_outbox_entry *entry,
	struct promo_problem *problem) PROMO_CHECK;

struct promo_redemption_create_in tui_outbox_entry_in(const struct tui_outbox_entry *entry);

/* Whether this is the last word, also on earlier tries of which nothing is known: what says only that
 * one may not ask now leaves those open. The rule of libpromo/client/answer.c. */
bool tui_outbox_is_last_word(const struct tui_reply *reply);
/* What became of it, for people. */
const char *tui_outbox_entry_sentence(const struct tui_outbox_entry *entry,
	const struct tui_reply *reply, struct promo_arena *arena);
