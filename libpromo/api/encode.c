/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"

int promo_encode(const struct promo_schema *schema, const void *object, struct promo_arena *arena,
	const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	promo_json_write_object(&json, schema, object, PROMO_JSON_BY_TABLE);
	return promo_buffer_end(&json, ret);
}

int promo_encode_joined(const struct promo_schema *first_schema, const void *first,
	const struct promo_schema *second_schema, const void *second, struct promo_arena *arena,
	const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	promo_buffer_char(&json, '{');
	promo_json_write_members(&json, first_schema, first, PROMO_JSON_BY_TABLE);
	promo_json_write_members(&json, second_schema, second, PROMO_JSON_BY_TABLE);
	promo_buffer_char(&json, '}');
	return promo_buffer_end(&json, ret);
}

int promo_encode_value(const struct promo_field *field, const void *object,
	struct promo_arena *arena, const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	promo_json_write_value(&json, field, object, PROMO_JSON_BY_TABLE);
	return promo_buffer_end(&json, ret);
}

int promo_encode_indented(const char *json, struct promo_arena *arena, const char **ret)
{
	json_auto_t *value = promo_json_load_text(json, JSON_DECODE_ANY);

	if (!value)
		return PROMO_E_MALFORMED_REQUEST;
	return promo_json_text(value, JSON_INDENT(2) | JSON_ENCODE_ANY, arena, ret);
}

static void write_list_head(struct promo_buffer *json)
{
	promo_buffer_char(json, '{');
	promo_json_write_name(json, "items");
}

/* All behind the items. */
static void write_list_tail(
	struct promo_buffer *json, const struct promo_op *op, const struct promo_list *list)
{
	promo_json_write_name(json, "next_cursor");
	promo_json_write_text(json, list->next_cursor);
	if (list->total != PROMO_NULL_INT) {
		promo_json_write_name(json, "total");
		if (list->total == PROMO_TOTAL_UNCOUNTED)
			promo_json_write_text(json, NULL);
		else
			promo_buffer_printf(json, "%" PRId64, list->total);
	}
	if (op->totals) {
		promo_json_write_name(json, "totals");
		promo_json_write_object(json, op->totals, list->totals, PROMO_JSON_BY_TABLE);
	}
	promo_buffer_char(json, '}');
}

int promo_encode_list(const struct promo_op *op, const struct promo_list *list,
	struct promo_arena *arena, const char **ret)
{
	const struct promo_objects items = { list->items, list->count };
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	write_list_head(&json);
	promo_json_write_objects(&json, op->out, &items, PROMO_JSON_BY_TABLE);
	write_list_tail(&json, op, list);
	return promo_buffer_end(&json, ret);
}

int promo_encode_list_head(struct promo_arena *arena, const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	write_list_head(&json);
	promo_buffer_char(&json, '[');
	return promo_buffer_end(&json, ret);
}

int promo_encode_list_tail(const struct promo_op *op, const struct promo_list *list,
	struct promo_arena *arena, const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	promo_buffer_char(&json, ']');
	write_list_tail(&json, op, list);
	return promo_buffer_end(&json, ret);
}

static bool has_bit(
	const struct promo_schema *schema, const struct promo_field *field, uint64_t bits)
{
	return (bits >> (field - schema->fields)) & 1;
}

int promo_encode_canonical(
	const struct promo_op *op, const void *in, struct promo_arena *arena, const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);
	const struct promo_field *given[PROMO_FIELDS_MAX];
	size_t count = 0;

	for (size_t i = 0; op->in && i < op->in->count; i++)
		if (has_bit(op->in, &op->in->fields[i], ((const struct promo_set *)in)->present))
			given[count++] = &op->in->fields[i];
	promo_buffer_text(&json, op->name);
	promo_buffer_text(&json, " {");
	promo_json_write_fields(&json, given, count, in, PROMO_JSON_BY_NAME);
	promo_buffer_char(&json, '}');
	return promo_buffer_end(&json, ret);
}
