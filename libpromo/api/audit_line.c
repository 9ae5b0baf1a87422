/* SPDX-License-Identifier: MIT */
#include "libpromo/api/audit_line.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/base/error.h"

int promo_audit_line_read(const char *text, struct promo_arena *arena, struct promo_audit_line *ret)
{
	int r = promo_decode_output(&promo_audit_line_schema, text, arena, ret);

	if (r > 0 || (!r && !ret->seal && !ret->last &&
			     (!ret->id || !ret->at || ret->seq == PROMO_NULL_INT)))
		return PROMO_E_INVALID_INPUT;
	return r;
}

/* Behind a text in quotes. */
static const char *skip_text(const char *at)
{
	at++;
	while (*at && *at != '"')
		at += *at == '\\' && at[1] ? 2 : 1;
	return *at ? at + 1 : at;
}

/* Behind a value. */
static const char *skip_value(const char *at)
{
	int depth = 0;

	do {
		if (*at == '"') {
			at = skip_text(at);
			continue;
		}
		if (*at == '[' || *at == '{')
			depth++;
		if (*at == ']' || *at == '}')
			depth--;
		if (depth < 0)
			break;
		at++;
	} while (*at && (depth > 0 || (*at != ',' && *at != '}')));
	return at;
}

/* The text of a member of an object, as it stands there: numbers and blanks are part of what was
 * hashed, and a reader of JSON would not keep them. The object was read before, so it is one. */
static const char *raw_member(const char *json, const char *name, size_t *ret_size)
{
	const char *at = strchr(json, '{');

	while (at && *at) {
		const char *key, *end;
		size_t length;

		at += strspn(at, "{, \t");
		if (*at != '"')
			return NULL;
		key = at + 1;
		at = skip_text(at);
		length = (size_t)(at - key) - 1;
		at += strspn(at, " :\t");
		end = skip_value(at);
		if (length == strlen(name) && memcmp(key, name, length) == 0) {
			*ret_size = (size_t)(end - at);
			return at;
		}
		at = end;
	}
	return NULL;
}

int promo_audit_line_columns(const char *text, const struct promo_audit_line *line,
	struct promo_arena *arena, const char *ret[PROMO_SEAL_COLUMNS])
{
	static const struct promo_audit_party nobody = { NULL, NULL };
	const struct promo_audit_party *actor = line->actor ? line->actor : &nobody;
	const struct promo_audit_party *entity = line->entity ? line->entity : &nobody;
	size_t size = 0;
	const char *changes = raw_member(text, "changes", &size);
	const char *writer_id = promo_arena_printf(arena, "%" PRId64, line->writer_id);
	const char *seq = promo_arena_printf(arena, "%" PRId64, line->seq);
	const char *count = promo_arena_printf(arena, "%" PRId64, line->count);
	const char *copy = changes ? promo_arena_strndup(arena, changes, size) : NULL;
	const char *const columns[PROMO_SEAL_COLUMNS] = {
		[PROMO_SEAL_WRITER_ID] = writer_id,
		[PROMO_SEAL_SEQ] = seq,
		[PROMO_SEAL_ROW_ID] = line->id,
		[PROMO_SEAL_AT] = line->at,
		[PROMO_SEAL_ACTOR_KIND] = actor->kind,
		[PROMO_SEAL_ACTOR_ID] = actor->id,
		[PROMO_SEAL_SESSION_ID] = line->session_id,
		[PROMO_SEAL_IP] = line->ip,
		[PROMO_SEAL_USER_AGENT] = line->user_agent,
		[PROMO_SEAL_ACTION] = line->action,
		[PROMO_SEAL_PERMISSION] = line->permission,
		[PROMO_SEAL_ENTITY_KIND] = entity->kind,
		[PROMO_SEAL_ENTITY_ID] = entity->id,
		[PROMO_SEAL_OUTCOME] = line->outcome,
		[PROMO_SEAL_ERROR] = line->error,
		[PROMO_SEAL_CHANGES] = copy,
		[PROMO_SEAL_PHONE_HASH] = line->phone_hash,
		[PROMO_SEAL_COUNT] = count,
		[PROMO_SEAL_REQUEST_ID] = line->request_id,
	};

	if (!writer_id || !seq || !count || (changes && !copy))
		return promo_fault(-ENOMEM, "could not read a line of the audit trail");
	memcpy(ret, columns, sizeof(columns));
	return 0;
}
