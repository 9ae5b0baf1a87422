/* SPDX-License-Identifier: MIT */
#include "tests/fault/record.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "tests/fault/table.h"

enum {
	NAME_SIZE = 128
};

void record_request_id(const struct plan *plan, uint64_t request, char *ret, size_t size)
{
	(void)snprintf(ret, size, "fault-%" PRIx64 "-r%" PRIu64, plan->config.seed, request);
}

/* Each answer names its own request; all else has to be the same for the same key. */
static uint64_t body_hash(const char *body, size_t size, const char *request_id)
{
	static char kept[CONNECTION_ANSWER_MAX];
	unsigned char bytes[PROMO_HASH_BYTES];
	const char *found = memmem(body, size, request_id, strlen(request_id));
	size_t before = found ? (size_t)(found - body) : size;
	size_t after = found ? size - before - strlen(request_id) : 0;
	uint64_t hash;

	memcpy(kept, body, before);
	if (found)
		memcpy(kept + before, found + strlen(request_id), after);
	promo_hash(kept, before + after, bytes);
	memcpy(&hash, bytes, sizeof(hash));
	return hash;
}

static void take_text(const json_t *object, const char *name, char *ret, size_t size)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (text && text[0] && strlen(text) < size && !strpbrk(text, "\t\n"))
		(void)snprintf(ret, size, "%s", text);
}

void record_answer(struct record *record, const struct plan *plan,
	const struct connection *connection, const struct connection_answer *answer)
{
	json_t *body = json_loadb(answer->body, answer->size, JSON_REJECT_DUPLICATES, NULL);
	char request_id[NAME_SIZE];

	record_request_id(plan, record->request, request_id, sizeof(request_id));
	record->status = answer->status;
	record->replayed = connection_has_field(connection, "\r\nIdempotent-Replayed: true");
	record->body = body_hash(answer->body, answer->size, request_id);
	if (answer->status >= 300) {
		take_text(body, "code", record->word, sizeof(record->word));
	} else if (record->operation.kind == ATTEMPT_VERIFY) {
		take_text(body, "status", record->word, sizeof(record->word));
		take_text(json_object_get(body, "redemption"), "id", record->redemption_id,
			sizeof(record->redemption_id));
	} else if (json_object_get(body, "id")) {
		(void)snprintf(record->word, sizeof(record->word), "redeemed");
		take_text(body, "id", record->redemption_id, sizeof(record->redemption_id));
	}
	json_decref(body);
}

void records_add(struct records *records, const struct record *record)
{
	records->items = table_room(records->items, records->count, sizeof(*records->items));
	records->items[records->count++] = *record;
}

struct attempt record_attempt(const struct records *records, const struct record *record)
{
	static char key[NAME_SIZE], full_key[NAME_SIZE * 2], body[32], request_id[NAME_SIZE];
	const struct operation *operation = &record->operation;
	const struct plan *plan = records->plan;
	const char *user = plan->config.people[operation->person].id;
	struct attempt attempt = {
		.kind = operation->kind,
		.code = plan->config.codes[operation->code],
		.key = "-",
		.user = user,
		.invoke_us = record->invoke_us,
		.complete_us = record->complete_us,
		.status = record->status,
		.word = record->word,
		.redemption_id = record->redemption_id,
		.replayed = record->replayed,
		.body = "-",
		.request_id = request_id,
	};

	if (operation->kind == ATTEMPT_REDEEM) {
		plan_key(plan, operation->number, key, sizeof(key));
		(void)snprintf(full_key, sizeof(full_key), "%s/%s", user, key);
		attempt.key = full_key;
	}
	if (record->status) {
		(void)snprintf(body, sizeof(body), "%016" PRIx64, record->body);
		attempt.body = body;
	}
	record_request_id(plan, record->request, request_id, sizeof(request_id));
	return attempt;
}

bool records_write(const struct records *records, const char *path)
{
	FILE *file = fopen(path, "w");
	bool fine;

	if (!file)
		return false;
	for (size_t i = 0; i < records->count; i++) {
		const struct attempt attempt = record_attempt(records, &records->items[i]);

		attempt_write(&attempt, file);
	}
	fine = !ferror(file);
	return fclose(file) == 0 && fine;
}
