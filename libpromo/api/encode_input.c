/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"
#include "libpromo/base/buffer.h"

enum {
	ADDRESS_MAX_BYTES = 64 * 1024
};

/* RFC 3986: what is not unreserved is escaped. */
static void put_escaped(struct promo_buffer *address, const char *text)
{
	static const char unreserved[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (; *text; text++) {
		if (strchr(unreserved, *text))
			promo_buffer_char(address, *text);
		else
			promo_buffer_printf(address, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

static void put_scalar(
	struct promo_buffer *address, const struct promo_field *field, const void *in)
{
	union promo_json_room room;
	const char *text =
		promo_field_is_null(field, in) ? NULL : promo_json_scalar(field, in, &room);

	if (text)
		put_escaped(address, text);
}

static const struct promo_field *field_named(
	const struct promo_schema *schema, const char *name, size_t length)
{
	for (size_t i = 0; i < schema->count; i++)
		if (strlen(schema->fields[i].name) == length &&
			memcmp(schema->fields[i].name, name, length) == 0)
			return &schema->fields[i];
	return NULL;
}

static void put_path(struct promo_buffer *address, const struct promo_op *op, const void *in)
{
	const char *at = op->path;

	if (!(op->flags & PROMO_OP_ROOT))
		promo_buffer_text(address, PROMO_API_BASE);
	while (*at) {
		const size_t literal = strcspn(at, "{");
		const size_t length = strcspn(at + literal, "}");
		const struct promo_field *field;

		promo_buffer_append(address, at, literal);
		at += literal;
		if (!*at)
			break;
		field = field_named(op->in, at + 1, length - 1);
		if (field)
			put_scalar(address, field, in);
		at += length + 1;
	}
}

static void put_name(struct promo_buffer *address, const char *name, char *mark)
{
	promo_buffer_char(address, *mark);
	*mark = '&';
	put_escaped(address, name);
	promo_buffer_char(address, '=');
}

static void put_query(struct promo_buffer *address, const struct promo_op *op, const void *in)
{
	char mark = '?';

	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		const struct promo_texts *texts = promo_json_at(field, in);

		if (!(field->flags & PROMO_IN_QUERY) || !promo_json_is_given(op->in, field, in))
			continue;
		if (field->kind != PROMO_TEXTS) {
			put_name(address, field->name, &mark);
			put_scalar(address, field, in);
			continue;
		}
		for (size_t k = 0; k < texts->count; k++) {
			put_name(address, field->name, &mark);
			put_escaped(address, texts->items[k]);
		}
	}
}

static int encode_body(
	const struct promo_op *op, const void *in, struct promo_arena *arena, const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	promo_buffer_char(&json, '{');
	for (size_t i = 0; i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];

		if ((field->flags & (PROMO_IN_PATH | PROMO_IN_QUERY)) ||
			!promo_json_is_given(op->in, field, in))
			continue;
		promo_json_write_given(&json, op->in, field, in, PROMO_JSON_BY_TABLE);
	}
	promo_buffer_char(&json, '}');
	return promo_buffer_end(&json, ret);
}

int promo_encode_input(const struct promo_op *op, const void *in, struct promo_arena *arena,
	const char **ret_path_and_query, const char **ret_body)
{
	struct promo_buffer address = PROMO_BUFFER(arena, ADDRESS_MAX_BYTES);
	const char *path_and_query, *body = NULL;
	int r;

	put_path(&address, op, in);
	put_query(&address, op, in);
	r = promo_buffer_end(&address, &path_and_query);
	if (r)
		return r;
	if (promo_op_takes_json(op)) {
		r = encode_body(op, in, arena, &body);
		if (r)
			return r;
	}
	*ret_path_and_query = path_and_query;
	*ret_body = body;
	return 0;
}
