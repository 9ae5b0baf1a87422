/* SPDX-License-Identifier: MIT */
#include "promo-tui/outbox_entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "libpromo/base/secret.h"
#include "libpromo/rules/code.h"
#include "promo-tui/outbox_file.h"

enum {
	ENTRY_BYTES_MAX = 64 * 1024
};

#define T struct tui_outbox_record
static const struct promo_field record_fields[] = {
	PROMO_F_TEXT(T, server, TEXT, 0, 0, PROMO_REQUIRED, "where it was sent"),
	PROMO_F_TEXT(T, user_id, TEXT, 0, 0, PROMO_REQUIRED, "by whom"),
	PROMO_F_TEXT(T, user_name, TEXT, 0, 0, PROMO_NULLABLE, "for those who are not he"),
	PROMO_F_TIME(T, begun_at, PROMO_REQUIRED, "when"),
	PROMO_F_TEXT(T, code, TEXT, 0, 0, PROMO_REQUIRED, "the code"),
	PROMO_F_TEXT(T, phone_number, TEXT, 0, 0, PROMO_REQUIRED, "the customer's number"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_NULLABLE, "his first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_NULLABLE, "his last name"),
	PROMO_F_TEXT(T, note, TEXT, 0, 0, PROMO_NULLABLE, "a note"),
};
#undef T
static const struct promo_schema record_schema =
	PROMO_SCHEMA(struct tui_outbox_record, "outbox_record", record_fields);

void tui_outbox_entry_free(struct tui_outbox_entry *entry)
{
	if (entry->fd >= 0)
		(void)close(entry->fd);
	promo_arena_free(entry->arena);
	free(entry);
}

int tui_outbox_entry_new(const char *folder, const char *key, struct tui_outbox_entry **ret)
{
	struct tui_outbox_entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return promo_fault(-ENOMEM, "could not keep a redemption");
	entry->fd = -1;
	memcpy(entry->key, key, sizeof(entry->key));
	entry->arena = promo_arena_new(ENTRY_BYTES_MAX);
	if (entry->arena)
		entry->path = promo_arena_printf(entry->arena, "%s/%s", folder, key);
	if (!entry->path) {
		tui_outbox_entry_free(entry);
		return promo_fault(-ENOMEM, "could not keep a redemption");
	}
	*ret = entry;
	return 0;
}

int tui_outbox_entry_read(struct tui_outbox_entry *entry)
{
	struct tui_outbox_record *record = &entry->record;
	struct promo_problem problem = { 0 };
	const char *text;
	int r = promo_secret_text_read(entry->path, entry->arena, &problem, &text);

	if (!r)
		r = promo_decode_output(&record_schema, text, entry->arena, record);
	if (!r && (!record->server || !record->user_id || !record->code || !record->phone_number))
		r = PROMO_E_INVALID_INPUT;
	return r > 0 ? PROMO_E_INVALID_INPUT : r;
}

static int copy_texts(struct tui_outbox_entry *entry, const struct tui_outbox_record *record)
{
	const char *const *from = &record->server;

	for (size_t i = 0; i < PROMO_COUNT(record_fields); i++) {
		const struct promo_field *field = &record_fields[i];
		const char **to = (const char **)(void *)((char *)&entry->record + field->offset);

		if (field->kind != PROMO_TEXT)
			continue;
		from = (const char *const *)(const void *)((const char *)record + field->offset);
		*to = promo_arena_strdup(entry->arena, *from);
		if (*from && !*to)
			return promo_fault(-ENOMEM, "could not keep a redemption");
	}
	entry->record.begun_at = record->begun_at;
	return 0;
}

int tui_outbox_entry_write(const struct promo_profile *profile,
	const struct tui_outbox_record *record, struct tui_outbox_entry *entry,
	struct promo_problem *problem)
{
	const char *json, *line, *path;
	int r = copy_texts(entry, record);

	if (!r)
		r = promo_encode(&record_schema, &entry->record, entry->arena, &json);
	if (!r)
		r = promo_profile_file(
			profile, TUI_OUTBOX_FOLDER, entry->key, entry->arena, problem, &path);
	if (r)
		return r;
	if (strlen(json) + 1 > PROMO_SECRET_TEXT_MAX)
		return promo_refuse(problem, entry->arena, PROMO_E_INVALID_INPUT,
			"the names or the note are too long");
	/* The folder itself may be new. */
	if (tui_outbox_file_sync(profile->folder))
		return promo_refuse(problem, entry->arena, PROMO_E_UNAVAILABLE,
			"could not write to %s: %s; nothing was sent", profile->folder,
			strerror(errno));
	line = promo_arena_printf(entry->arena, "%s\n", json);
	if (!line)
		return promo_fault(-ENOMEM, "could not keep a redemption");
	return tui_outbox_file_create(path, line, entry->arena, problem, &entry->fd);
}

struct promo_redemption_create_in tui_outbox_entry_in(const struct tui_outbox_entry *entry)
{
	return (struct promo_redemption_create_in){
		.code = entry->record.code,
		.phone_number = entry->record.phone_number,
		.first_name = entry->record.first_name,
		.last_name = entry->record.last_name,
		.note = entry->record.note,
	};
}

bool tui_outbox_is_last_word(const struct tui_reply *reply)
{
	return promo_client_settles(reply->error, &reply->reply);
}

const char *tui_outbox_entry_sentence(const struct tui_outbox_entry *entry,
	const struct tui_reply *reply, struct promo_arena *arena)
{
	const struct promo_problem *problem = &reply->reply.problem;
	char shown[PROMO_CODE_SHOWN_SIZE];
	const char *code = entry->record.code, *phone = entry->record.phone_number, *text;

	if (strlen(code) < PROMO_CODE_SIZE) {
		promo_code_show(code, shown);
		code = shown;
	}
	if (reply->error == 0)
		text = promo_arena_printf(arena, "%s was redeemed for %s", code, phone);
	else if (tui_outbox_is_last_word(reply))
		text = promo_arena_printf(arena, "%s was not redeemed for %s: %s", code, phone,
			problem->detail ? problem->detail : promo_error_info(reply->error)->text);
	else
		text = promo_arena_printf(arena,
			"it is not known yet whether %s was redeemed for %s; it is asked for again",
			code, phone);
	return text ? text : "";
}
