/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/store/array.h"
#include "libpromo/store/store.h"

enum column {
	ID,
	ACTOR_KIND,
	ACTOR_ID,
	SESSION_ID,
	IP,
	USER_AGENT,
	ACTION,
	PERMISSION,
	ENTITY_KIND,
	ENTITY_ID,
	OUTCOME,
	ERROR,
	CHANGES,
	PHONE_HASH,
	COUNT,
	REQUEST_ID,
	IF_REDEMPTION,
	FOLD_KEY,
	COLUMNS
};

/* In the order of the parameters of audit_insert.sql and audit_fold.sql. */
static const enum column insert_columns[] = { ID, ACTOR_KIND, ACTOR_ID, SESSION_ID, IP, USER_AGENT,
	ACTION, PERMISSION, ENTITY_KIND, ENTITY_ID, OUTCOME, ERROR, CHANGES, PHONE_HASH, COUNT,
	REQUEST_ID, IF_REDEMPTION };
static const enum column fold_columns[] = { FOLD_KEY, ID, ACTOR_KIND, ACTOR_ID, SESSION_ID, IP,
	USER_AGENT, ACTION, PERMISSION, ENTITY_KIND, ENTITY_ID, OUTCOME, ERROR, COUNT, REQUEST_ID };

/* What makes rows equal: all that a row says but when, which request, and by which program. */
static const enum column key_columns[] = { ACTOR_KIND, ACTOR_ID, SESSION_ID, IP, ACTION, PERMISSION,
	ENTITY_KIND, ENTITY_ID, OUTCOME, ERROR };

#define T struct promo_audit_changed
static const struct promo_field changed_fields[] = {
	PROMO_F_TEXT(T, field, TEXT, 0, 0, 0, "the field"),
	PROMO_F_TEXT(T, before, JSON, 0, 0, PROMO_NULLABLE, "its value before"),
	PROMO_F_TEXT(T, after, JSON, 0, 0, PROMO_NULLABLE, "its value after"),
};
#undef T
static const struct promo_schema changed_schema =
	PROMO_SCHEMA(struct promo_audit_changed, "audit_changed", changed_fields);

static const struct promo_field note_fields[] = {
	PROMO_F_OBJECTS(struct promo_audit_note, changes, changed_schema, 0, "what changed"),
};
static const struct promo_schema note_schema =
	PROMO_SCHEMA(struct promo_audit_note, "audit_note", note_fields);

static int outcome_of(int error)
{
	int status;

	if (!error)
		return PROMO_OUTCOME_ALLOWED;
	status = promo_error_info(error)->http_status;
	return status == 401 || status == 403 ? PROMO_OUTCOME_DENIED : PROMO_OUTCOME_FAILED;
}

static int hash_phone(
	struct promo_arena *arena, const struct promo_audit_row *row, const char **ret)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char *text;

	*ret = NULL;
	if (!row->note->phone)
		return 0;
	text = promo_arena_alloc(arena, PROMO_HEX_SIZE(PROMO_HASH_BYTES));
	if (!text)
		return promo_fault(-ENOMEM, "could not hash a phone");
	promo_hash_keyed(row->hash_key, row->note->phone, strlen(row->note->phone), hash);
	promo_hex_encode(hash, sizeof(hash), text);
	*ret = text;
	return 0;
}

static int new_id(struct promo_arena *arena, const char **ret)
{
	char *id = promo_arena_alloc(arena, PROMO_UUID_SIZE);

	if (!id)
		return promo_fault(-ENOMEM, "could not make an id");
	promo_uuid_new(id);
	*ret = id;
	return 0;
}

static int encode_changes(
	struct promo_arena *arena, const struct promo_audit_row *row, const char **ret)
{
	*ret = NULL;
	return row->note->changes.count > 0 ? promo_encode(&note_schema, row->note, arena, ret) : 0;
}

static const struct promo_actor *actor_of(const struct promo_audit_row *row)
{
	return row->note->actor ? row->note->actor : row->actor;
}

/* What every row has. */
static void describe(const struct promo_audit_row *row, const char *values[COLUMNS])
{
	const struct promo_actor *actor = actor_of(row);

	values[ACTOR_KIND] = promo_word(&promo_actor_kind_words, actor->kind);
	values[ACTOR_ID] = actor->user_id;
	values[SESSION_ID] = actor->session_id ? actor->session_id : actor->api_key_id;
	values[IP] = row->request->ip;
	values[USER_AGENT] = row->request->user_agent;
	values[ACTION] = row->action;
	values[PERMISSION] = row->permission;
	values[ENTITY_KIND] = row->note->entity_kind;
	values[ENTITY_ID] = row->note->entity_id;
	values[OUTCOME] = promo_word(&promo_outcome_words, outcome_of(row->error));
	values[ERROR] = row->error ? promo_error_info(row->error)->wire : NULL;
	values[COUNT] = "1";
	values[REQUEST_ID] = row->request->request_id;
}

/*
 * Repetitions.
 */

/* Refusals of nobody in particular, refusals because of too many requests, and reads of one thing
 * (design section 3). What was written, or was to be, always has a row of its own. */
static bool foldable(const struct promo_audit_row *row)
{
	const struct promo_actor *actor = actor_of(row);

	if (row->note->changes.count > 0 || row->note->phone)
		return false;
	if (row->error && actor->kind == PROMO_ACTOR_ANONYMOUS)
		return true;
	if (row->error == PROMO_E_TOO_MANY_REQUESTS)
		return true;
	return row->reads && row->note->entity_id;
}

/* False for what is too long to be compared, which nothing is that people act on. */
static bool make_key(const char *const values[COLUMNS], struct promo_audit_fold_key *ret)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char text[512];
	size_t used = 0;

	for (size_t i = 0; i < PROMO_COUNT(key_columns); i++) {
		const char *value = values[key_columns[i]] ? values[key_columns[i]] : "";
		size_t size = strlen(value) + 1;

		if (size > sizeof(text) - used)
			return false;
		memcpy(text + used, value, size);
		used += size;
	}
	promo_hash(text, used, hash);
	memcpy(ret->bytes, hash, sizeof(ret->bytes));
	return true;
}

/* Counts the row with those of this batch that are equal. */
static int fold(struct promo_audit_batch *batch, const char *values[COLUMNS],
	const struct promo_audit_fold_key *key)
{
	struct promo_audit_fold *fold = batch->folded;
	char *text;
	int r;

	if (!fold) {
		fold = promo_arena_alloc_array(batch->arena, batch->max, sizeof(*fold));
		batch->fold_columns = promo_arena_alloc_array(
			batch->arena, batch->max, COLUMNS * sizeof(*batch->fold_columns));
		if (!fold || !batch->fold_columns)
			return promo_fault(-ENOMEM, "could not count audit rows");
		batch->folded = fold;
	}
	for (size_t i = 0; i < batch->fold_count; i++)
		if (memcmp(&fold[i].key, key, sizeof(*key)) == 0) {
			fold[i].count++;
			return 0;
		}
	text = promo_arena_alloc(batch->arena, PROMO_HEX_SIZE(sizeof(key->bytes)));
	if (!text)
		return promo_fault(-ENOMEM, "could not count an audit row");
	promo_hex_encode(key->bytes, sizeof(key->bytes), text);
	values[FOLD_KEY] = text;
	r = new_id(batch->arena, &values[ID]);
	if (r)
		return r;
	for (size_t i = 0; i < COLUMNS; i++)
		batch->fold_columns[i * batch->max + batch->fold_count] = values[i];
	fold[batch->fold_count++] = (struct promo_audit_fold){ .key = *key, .count = 1 };
	return 0;
}

/*
 * Rows that are written together.
 */

int promo_audit_batch_init(struct promo_audit_batch *batch, struct promo_arena *arena,
	struct promo_audit_folds *folds, int64_t writer, size_t max)
{
	const char **columns = promo_arena_alloc_array(arena, max, COLUMNS * sizeof(*columns));

	if (!columns)
		return promo_fault(-ENOMEM, "could not make room for audit rows");
	*batch = (struct promo_audit_batch){
		.arena = arena,
		.folds = folds,
		.writer = writer,
		.max = max,
		.columns = columns,
	};
	return 0;
}

int promo_audit_batch_add(struct promo_audit_batch *batch, const struct promo_audit_row *row,
	const char *if_redemption)
{
	const char *values[COLUMNS] = { NULL };
	struct promo_audit_fold_key key;
	int r;

	assert(batch->count + batch->fold_count < batch->max && row->writer == batch->writer);
	describe(row, values);
	if (batch->folds && !if_redemption && foldable(row) && make_key(values, &key) &&
		promo_audit_folds_repeated(batch->folds, &key))
		return fold(batch, values, &key);
	values[IF_REDEMPTION] = if_redemption;
	r = new_id(batch->arena, &values[ID]);
	if (!r)
		r = hash_phone(batch->arena, row, &values[PHONE_HASH]);
	if (!r)
		r = encode_changes(batch->arena, row, &values[CHANGES]);
	if (r)
		return r;
	for (size_t i = 0; i < COLUMNS; i++)
		batch->columns[i * batch->max + batch->count] = values[i];
	batch->count++;
	return 0;
}

/* About how long the values of a column are, and whether anything may stand in them. */
static const struct {
	size_t size;
	bool free;
} forms[COLUMNS] = {
	[ID] = { PROMO_UUID_SIZE },
	[ACTOR_KIND] = { 8 },
	[ACTOR_ID] = { PROMO_UUID_SIZE },
	[SESSION_ID] = { PROMO_UUID_SIZE },
	[IP] = { 16 },
	[USER_AGENT] = { 48, true },
	[ACTION] = { 24 },
	[PERMISSION] = { 32 },
	[ENTITY_KIND] = { 8 },
	[ENTITY_ID] = { PROMO_UUID_SIZE },
	[OUTCOME] = { 8 },
	[ERROR] = { 16 },
	[CHANGES] = { 8, true },
	[PHONE_HASH] = { 8 },
	[COUNT] = { 4 },
	[REQUEST_ID] = { 40, true },
	[IF_REDEMPTION] = { PROMO_UUID_SIZE },
	[FOLD_KEY] = { 33 },
};

static void add_columns(const char *const *columns, size_t max, size_t count,
	const enum column *chosen, size_t chosen_count, struct promo_params *params)
{
	for (size_t i = 0; i < chosen_count; i++) {
		const char *const *values = columns + chosen[i] * max;
		struct promo_array array =
			promo_array_new(params->arena, count, forms[chosen[i]].size);

		for (size_t j = 0; j < count; j++)
			if (forms[chosen[i]].free)
				promo_array_text(&array, values[j]);
			else
				promo_array_plain(&array, values[j]);
		promo_param_array(params, &array);
	}
}

void promo_audit_batch_params(const struct promo_audit_batch *batch, struct promo_params *params)
{
	assert(batch->count > 0);
	promo_param_int(params, batch->writer);
	add_columns(batch->columns, batch->max, batch->count, insert_columns,
		PROMO_COUNT(insert_columns), params);
}

void promo_audit_batch_fold_params(
	const struct promo_audit_batch *batch, struct promo_params *params)
{
	assert(batch->fold_count > 0);
	promo_param_int(params, batch->writer);
	for (size_t i = 0; i < batch->fold_count; i++) {
		const char *count =
			promo_arena_printf(params->arena, "%" PRId64, batch->folded[i].count);

		params->failed |= !count;
		batch->fold_columns[COUNT * batch->max + i] = count;
	}
	add_columns(batch->fold_columns, batch->max, batch->fold_count, fold_columns,
		PROMO_COUNT(fold_columns), params);
}
