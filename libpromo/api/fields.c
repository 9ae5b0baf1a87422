/* SPDX-License-Identifier: MIT */
#include "libpromo/api/fields.h"

#include <string.h>

#include "libpromo/api/json.h"

static const struct promo_field *step_named(
	const struct promo_schema *schema, const char *name, size_t length)
{
	for (size_t i = 0; schema && i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (strncmp(field->name, name, length) == 0 && field->name[length] == '\0' &&
			!(field->flags & PROMO_INTERNAL))
			return field;
	}
	return NULL;
}

bool promo_path_find(const struct promo_schema *schema, const char *name, struct promo_path *ret)
{
	struct promo_path path = { .name = name };

	*ret = path;
	for (;;) {
		const size_t length = strcspn(name, ".");
		const struct promo_field *field = step_named(schema, name, length);

		if (!field || path.count == PROMO_PATH_STEPS_MAX)
			return false;
		path.steps[path.count++] = field;
		if (name[length] == '\0')
			break;
		schema = field->schema;
		name += length + 1;
	}
	*ret = path;
	return true;
}

/* Paths that have gone the same way so far. */
struct group {
	const struct promo_path *paths[PROMO_CHOSEN_MAX];
	size_t count;
};

static void write_group(
	struct promo_buffer *json, const struct group *group, size_t depth, const void *object);

static void write_inner(
	struct promo_buffer *json, const struct group *group, size_t depth, const void *object)
{
	promo_buffer_char(json, '{');
	write_group(json, group, depth, object);
	promo_buffer_char(json, '}');
}

/* The member that all of a group lead to or through. */
static void write_member(
	struct promo_buffer *json, const struct group *group, size_t depth, const void *object)
{
	const struct promo_field *field = group->paths[0]->steps[depth];
	const void *at = promo_json_at(field, object);
	const struct promo_objects *list = at;
	bool is_whole = false;

	promo_json_write_name(json, field->name);
	for (size_t i = 0; i < group->count; i++)
		is_whole = is_whole || group->paths[i]->count == depth + 1;
	if (is_whole || (field->kind == PROMO_OBJECT && promo_field_is_null(field, object))) {
		promo_json_write_value(json, field, object, PROMO_JSON_BY_TABLE);
	} else if (field->kind == PROMO_OBJECT) {
		write_inner(json, group, depth + 1, *(const void *const *)at);
	} else {
		promo_buffer_char(json, '[');
		for (size_t i = 0; i < list->count; i++) {
			promo_buffer_text(json, i ? "," : "");
			write_inner(json, group, depth + 1,
				(const char *)list->items + i * field->schema->size);
		}
		promo_buffer_char(json, ']');
	}
}

static bool is_in_front(const struct group *group, size_t index, size_t depth)
{
	for (size_t i = 0; i < index; i++)
		if (group->paths[i]->steps[depth] == group->paths[index]->steps[depth])
			return true;
	return false;
}

static void write_group(
	struct promo_buffer *json, const struct group *group, size_t depth, const void *object)
{
	for (size_t i = 0; i < group->count; i++) {
		struct group same = { .count = 0 };

		if (is_in_front(group, i, depth))
			continue;
		for (size_t j = i; j < group->count; j++)
			if (group->paths[j]->steps[depth] == group->paths[i]->steps[depth])
				same.paths[same.count++] = group->paths[j];
		write_member(json, &same, depth, object);
	}
}

static void write_chosen(struct promo_buffer *json, const struct promo_schema *schema,
	const void *object, const struct promo_chosen *chosen)
{
	struct group group = { .count = 0 };

	if (chosen->count == 0) {
		promo_json_write_object(json, schema, object, PROMO_JSON_BY_TABLE);
		return;
	}
	for (size_t i = 0; i < chosen->count; i++)
		if (chosen->paths[i].count > 0)
			group.paths[group.count++] = &chosen->paths[i];
	write_inner(json, &group, 0, object);
}

int promo_encode_chosen(const struct promo_schema *schema, const void *object,
	const struct promo_chosen *chosen, struct promo_arena *arena, const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	write_chosen(&json, schema, object, chosen);
	return promo_buffer_end(&json, ret);
}

int promo_encode_list_items(const struct promo_op *op, const struct promo_list *page,
	const struct promo_chosen *chosen, size_t before, struct promo_arena *arena,
	const char **ret)
{
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	for (size_t i = 0; i < page->count; i++) {
		promo_buffer_text(&json, before + i > 0 ? "," : "");
		write_chosen(&json, op->out, (const char *)page->items + i * op->out->size, chosen);
	}
	return promo_buffer_end(&json, ret);
}
