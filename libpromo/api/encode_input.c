/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"
#include "libpromo/base/buffer.h"

enum {
	ADDRESS_MAX_BYTES = 64 * 1024
};

/* Whether the caller gave this field: by its bit, or by a value that nobody gets by zeroing the
 * struct. */
static bool is_given(
	const struct promo_schema *schema, const struct promo_field *field, const void *in)
{
	if (promo_present(schema, in, field->name))
		return true;
	if (field->kind == PROMO_INT || field->kind == PROMO_MONEY)
		return !promo_field_is_null(field, in) &&
		       *(const int64_t *)promo_json_at(field, in) != 0;
	if (field->kind == PROMO_BOOL)
		return *(const bool *)promo_json_at(field, in);
	return !promo_field_is_null(field, in);
}

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

static void put_scalar(struct promo_buffer *address, const json_t *value)
{
	if (json_is_string(value))
		put_escaped(address, json_string_value(value));
	else if (json_is_integer(value))
		promo_buffer_printf(address, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		promo_buffer_text(address, json_is_true(value) ? "true" : "false");
}

static int put_path(struct promo_buffer *address, const struct promo_op *op, const void *in)
{
	const char *at = op->path;

	if (!(op->flags & PROMO_OP_ROOT))
		promo_buffer_text(address, PROMO_API_BASE);
	while (*at) {
		const size_t literal = strcspn(at, "{");
		const size_t length = strcspn(at + literal, "}");
		json_auto_t *value = NULL;
		int r;

		promo_buffer_append(address, at, literal);
		at += literal;
		if (!*at)
			break;
		for (size_t i = 0; i < op->in->count; i++) {
			const struct promo_field *field = &op->in->fields[i];

			if (strlen(field->name) != length - 1 ||
				memcmp(field->name, at + 1, length - 1) != 0)
				continue;
			r = promo_json_value(field, in, &value);
			if (r)
				return r;
		}
		put_scalar(address, value);
		at += length + 1;
	}
	return 0;
}

static void put_parameter(
	struct promo_buffer *address, const char *name, const json_t *value, char *mark)
{
	promo_buffer_char(address, *mark);
	*mark = '&';
	put_escaped(address, name);
	promo_buffer_char(address, '=');
	put_scalar(address, value);
}

static int put_query(struct promo_buffer *address, const struct promo_op *op, const void *in)
{
	char mark = '?';

	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		json_auto_t *value = NULL;
		size_t count;
		int r;

		if (!(field->flags & PROMO_IN_QUERY) || !is_given(op->in, field, in))
			continue;
		r = promo_json_value(field, in, &value);
		if (r)
			return r;
		count = json_array_size(value);
		if (!json_is_array(value))
			put_parameter(address, field->name, value, &mark);
		for (size_t k = 0; k < count; k++)
			put_parameter(address, field->name, json_array_get(value, k), &mark);
	}
	return 0;
}

static int encode_body(
	const struct promo_op *op, const void *in, struct promo_arena *arena, const char **ret)
{
	json_auto_t *body = json_object();

	for (size_t i = 0; i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		json_t *value = NULL;
		int r;

		if ((field->flags & (PROMO_IN_PATH | PROMO_IN_QUERY)) ||
			!is_given(op->in, field, in))
			continue;
		r = promo_json_value(field, in, &value);
		if (r)
			return r;
		r = promo_json_put(body, field->name, value);
		if (r)
			return r;
	}
	return promo_json_text(body, JSON_COMPACT, arena, ret);
}

int promo_encode_input(const struct promo_op *op, const void *in, struct promo_arena *arena,
	const char **ret_path_and_query, const char **ret_body)
{
	struct promo_buffer address = PROMO_BUFFER(arena, ADDRESS_MAX_BYTES);
	const char *path_and_query, *body = NULL;
	int r = put_path(&address, op, in);

	if (r)
		return r;
	r = put_query(&address, op, in);
	if (r)
		return r;
	r = promo_buffer_end(&address, &path_and_query);
	if (r)
		return r;
	if (promo_op_takes_body(op)) {
		r = encode_body(op, in, arena, &body);
		if (r)
			return r;
	}
	*ret_path_and_query = path_and_query;
	*ret_body = body;
	return 0;
}
