/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	CHANGES_MAX = 16
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

static void param_phone(struct promo_params *params, const struct promo_audit_row *row)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char text[PROMO_HEX_SIZE(PROMO_HASH_BYTES)];

	if (!row->note->phone) {
		promo_param_null(params);
		return;
	}
	promo_hash_keyed(row->hash_key, row->note->phone, strlen(row->note->phone), hash);
	promo_hex_encode(hash, sizeof(hash), text);
	promo_param_text(params, text);
}

static int param_changes(struct promo_params *params, const struct promo_audit_note *note)
{
	const char *text = NULL;
	int r;

	if (note->changes.count > 0) {
		r = promo_encode(&note_schema, note, params->arena, &text);
		if (r)
			return r;
	}
	promo_param_text(params, text);
	return 0;
}

int promo_audit_write(
	struct promo_store *store, struct promo_arena *arena, const struct promo_audit_row *row)
{
	struct promo_params params = PROMO_PARAMS(arena);
	const struct promo_actor *actor = row->note->actor ? row->note->actor : row->actor;
	char id[PROMO_UUID_SIZE];
	int64_t written;
	int r;

	promo_uuid_new(id);
	promo_param_int(&params, row->writer);
	promo_param_text(&params, id);
	promo_param_text(&params, promo_word(&promo_actor_kind_words, actor->kind));
	promo_param_text(&params, actor->user_id);
	promo_param_text(&params, actor->session_id);
	promo_param_text(&params, row->request->ip);
	promo_param_text(&params, row->request->user_agent);
	promo_param_text(&params, row->action);
	promo_param_text(&params, row->permission);
	promo_param_text(&params, row->note->entity_kind);
	promo_param_text(&params, row->note->entity_id);
	promo_param_text(&params, promo_word(&promo_outcome_words, outcome_of(row->error)));
	promo_param_text(&params, row->error ? promo_error_info(row->error)->wire : NULL);
	r = param_changes(&params, row->note);
	if (r)
		return r;
	param_phone(&params, row);
	promo_param_text(&params, row->request->request_id);
	r = promo_store_exec(store, PROMO_Q_AUDIT_INSERT, &params, &written);
	if (r)
		return r;
	if (written != 1)
		return promo_fault(-ENOENT, "the writer of the audit trail is gone");
	return 0;
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
