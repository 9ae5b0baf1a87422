/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "libpromo/model/ref.h"
#include "libpromo/ops/call.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	CHANGES_MAX = 16,
};

/* The columns of audit_insert.sql. */
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
	COLUMNS
};

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

int promo_audit_open(struct promo_store *store, struct promo_arena *arena, const char *process,
	int64_t *ret_writer)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_writer_row writer;
	int r;

	promo_param_text(&params, process);
	r = promo_store_one(store, arena, PROMO_Q_AUDIT_OPEN, &params, &writer);
	if (r)
		return r;
	*ret_writer = writer.id;
	return 0;
}

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

bool promo_audit_of_call(
	const struct promo_call *call, int64_t writer, int error, struct promo_audit_row *ret)
{
	const struct promo_permission_member *member = call->ctx.problem.members;
	const struct promo_op *op = call->ctx.op;

	if (op->flags & PROMO_OP_UNAUDITED)
		return false;
	*ret = (struct promo_audit_row){
		.writer = writer,
		.actor = &call->actor,
		.request = &call->request,
		.action = op->name,
		.permission = promo_permission_key(op->required[0].permission),
		.error = error,
		.note = &call->ctx.audit,
		.hash_key = call->ctx.config->hash_key,
	};
	if (error == PROMO_E_FORBIDDEN &&
		call->ctx.problem.member_schema == &promo_permission_member_schema && member &&
		member->permission)
		ret->permission = member->permission;
	return true;
}

/*
 * Rows that are written together.
 */

int promo_audit_batch_init(
	struct promo_audit_batch *batch, struct promo_arena *arena, int64_t writer, size_t max)
{
	const char **columns = promo_arena_alloc_array(arena, max, COLUMNS * sizeof(*columns));

	if (!columns)
		return promo_fault(-ENOMEM, "could not make room for audit rows");
	*batch = (struct promo_audit_batch){
		.arena = arena,
		.writer = writer,
		.max = max,
		.columns = columns,
	};
	return 0;
}

/* What every row has, in the order of the columns. */
static void describe(const struct promo_audit_row *row, const char *values[COLUMNS])
{
	const struct promo_actor *actor = row->note->actor ? row->note->actor : row->actor;

	values[ACTOR_KIND] = promo_word(&promo_actor_kind_words, actor->kind);
	values[ACTOR_ID] = actor->user_id;
	values[SESSION_ID] = actor->session_id;
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

int promo_audit_batch_add(struct promo_audit_batch *batch, const struct promo_audit_row *row,
	const char *if_redemption)
{
	const char *values[COLUMNS] = { NULL };
	int r;

	assert(batch->count < batch->max && row->writer == batch->writer);
	describe(row, values);
	values[IF_REDEMPTION] = if_redemption;
	r = new_id(batch->arena, &values[ID]);
	if (r)
		return r;
	r = hash_phone(batch->arena, row, &values[PHONE_HASH]);
	if (r)
		return r;
	if (row->note->changes.count > 0) {
		r = promo_encode(&note_schema, row->note, batch->arena, &values[CHANGES]);
		if (r)
			return r;
	}
	for (size_t i = 0; i < COLUMNS; i++)
		batch->columns[i * batch->max + batch->count] = values[i];
	batch->count++;
	return 0;
}

void promo_audit_batch_params(const struct promo_audit_batch *batch, struct promo_params *params)
{
	promo_param_int(params, batch->writer);
	for (size_t i = 0; i < COLUMNS; i++)
		promo_param_texts(
			params, (struct promo_texts){ .items = batch->columns + i * batch->max,
					.count = batch->count });
}

int promo_audit_write(
	struct promo_store *store, struct promo_arena *arena, const struct promo_audit_row *row)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_audit_batch batch;
	int r;

	r = promo_audit_batch_init(&batch, arena, row->writer, 1);
	if (r)
		return r;
	r = promo_audit_batch_add(&batch, row, /* if_redemption= */ NULL);
	if (r)
		return r;
	promo_audit_batch_params(&batch, &params);
	return promo_store_exec(store, PROMO_Q_AUDIT_INSERT, &params, NULL);
}

void promo_audit_entity(struct promo_ctx *ctx, const char *kind, const char *id)
{
	ctx->audit.entity_kind = kind;
	ctx->audit.entity_id = id;
}

static int add_change(struct promo_ctx *ctx, struct promo_audit_changed change)
{
	struct promo_objects *changes = &ctx->audit.changes;
	struct promo_audit_changed *items;

	assert(changes->count < CHANGES_MAX);
	items = promo_arena_alloc_array(ctx->arena, changes->count + 1, sizeof(*items));
	if (!items)
		return promo_fault(-ENOMEM, "could not note a change");
	if (changes->count > 0)
		memcpy(items, changes->items, changes->count * sizeof(*items));
	items[changes->count] = change;
	*changes = (struct promo_objects){ .items = items, .count = changes->count + 1 };
	return 0;
}

int promo_audit_change(struct promo_ctx *ctx, const struct promo_schema *schema, const char *field,
	const void *before, const void *after)
{
	const struct promo_field *found = promo_schema_field(schema, field);
	struct promo_audit_changed change = { .field = field };
	int r = 0;

	assert(found && found->kind != PROMO_SECRET);
	if (before)
		r = promo_encode_value(found, before, ctx->arena, &change.before);
	if (!r && after)
		r = promo_encode_value(found, after, ctx->arena, &change.after);
	if (r)
		return r;
	return add_change(ctx, change);
}

int promo_audit_change_hidden(struct promo_ctx *ctx, const char *field)
{
	return add_change(ctx, (struct promo_audit_changed){ .field = field });
}
