/* SPDX-License-Identifier: MIT */
#include "promo-cli/print.h"

#include <ctype.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"

enum {
	GAP = 2,
	PAIR_WIDTH = 10,
	NEST_MAX = 3
};

enum cli_tone cli_tone_of(const char *word)
{
	static const struct {
		const char *word;
		enum cli_tone tone;
	} tones[] = {
		{ "active", CLI_GOOD },
		{ "allowed", CLI_GOOD },
		{ "approved", CLI_GOOD },
		{ "completed", CLI_GOOD },
		{ "resolved", CLI_GOOD },
		{ "succeeded", CLI_GOOD },
		{ "generating", CLI_WARN },
		{ "investigating", CLI_WARN },
		{ "pending", CLI_WARN },
		{ "queued", CLI_WARN },
		{ "running", CLI_WARN },
		{ "blocked", CLI_BAD },
		{ "denied", CLI_BAD },
		{ "failed", CLI_BAD },
		{ "rejected", CLI_BAD },
		{ "reported", CLI_BAD },
		{ "archived", CLI_MUTED },
		{ "cancelled", CLI_MUTED },
		{ "expired", CLI_MUTED },
	};

	for (size_t i = 0; word && i < PROMO_COUNT(tones); i++)
		if (strcmp(tones[i].word, word) == 0)
			return tones[i].tone;
	return CLI_PLAIN;
}

static int64_t int_at(const struct promo_field *field, const void *object)
{
	return *(const int64_t *)(const void *)((const char *)object + field->offset);
}

static const char *text_at(const struct promo_schema *schema, const char *name, const void *object)
{
	const struct promo_field *field = promo_schema_field(schema, name);

	if (!field || field->kind != PROMO_TEXT)
		return NULL;
	return *(const char *const *)(const void *)((const char *)object + field->offset);
}

static const char *value_for_people(const struct promo_schema *schema,
	const struct promo_field *field, const void *object, struct promo_arena *arena)
{
	if (field->kind == PROMO_BOOL)
		return *(const bool *)((const char *)object + field->offset) ? "yes" : "no";
	if (field->kind == PROMO_INT)
		return cli_number(arena, int_at(field, object));
	if (field->kind == PROMO_TIME)
		return cli_time(arena, int_at(field, object));
	if (field->kind == PROMO_MONEY)
		return cli_money(arena, int_at(field, object),
			cli_clean(arena, text_at(schema, "currency", object)));
	return NULL;
}

static const char *value_for_programs(
	const struct promo_field *field, const void *object, struct promo_arena *arena)
{
	char *time;

	if (field->kind == PROMO_BOOL)
		return *(const bool *)((const char *)object + field->offset) ? "true" : "false";
	if (field->kind != PROMO_TIME)
		return NULL;
	time = promo_arena_alloc(arena, PROMO_TIME_SIZE);
	if (time)
		promo_time_format(int_at(field, object), time);
	return time;
}

const char *cli_print_value(const struct promo_schema *schema, const struct promo_field *field,
	const void *object, bool people, struct promo_arena *arena)
{
	const char *text;

	if (promo_field_is_null(field, object))
		return "";
	text = people ? value_for_people(schema, field, object, arena)
		      : value_for_programs(field, object, arena);
	if (text)
		return text;
	return promo_format_field(field, object, arena, &text) == 0 ? cli_clean(arena, text) : "";
}

/* The words of the screens where a field's own name is a mouthful. */
static const char *header_of(const struct cli_out *out, const char *name, struct promo_arena *arena)
{
	static const struct {
		const char *name, *header;
	} headers[] = {
		{ "amount_per_code", "AMOUNT/CODE" },
		{ "assigned_user", "ASSIGNED TO" },
		{ "expiration_date", "EXPIRATION" },
		{ "is_active", "ACTIVE" },
		{ "last_login_at", "LAST LOGIN" },
		{ "created_at", "CREATED" },
	};
	char *text;

	if (!out->data_terminal)
		return name;
	for (size_t i = 0; i < PROMO_COUNT(headers); i++)
		if (strcmp(headers[i].name, name) == 0)
			return headers[i].header;
	text = promo_arena_strdup(arena, name);
	for (char *at = text; at && *at; at++)
		*at = (char)(*at == '_' ? ' ' : toupper((unsigned char)*at));
	return text ? text : name;
}

static void add_column(
	struct cli_table *table, const struct promo_field *field, struct promo_arena *arena)
{
	if (table->count == CLI_COLUMNS_MAX)
		return;
	table->columns[table->count++] = (struct cli_column){
		.field = field,
		.header = header_of(table->out, field->name, arena),
		.right = field->kind == PROMO_INT || field->kind == PROMO_MONEY,
	};
}

static int named_columns(struct cli_table *table, const char *names, struct promo_arena *arena,
	struct promo_problem *problem)
{
	while (*names) {
		size_t length = strcspn(names, ",");
		const char *name = promo_arena_strndup(arena, names, length);
		const struct promo_field *field =
			name ? promo_schema_field(table->schema, name) : NULL;

		if (!field || field->flags & PROMO_INTERNAL)
			return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				"--columns: there is no field '%s'", cli_clean(arena, name));
		add_column(table, field, arena);
		names += length + (names[length] == ',');
	}
	return 0;
}

int cli_table_init(struct cli_table *table, const struct cli_out *out,
	const struct promo_schema *schema, const char *names, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const struct promo_field *id = promo_schema_field(schema, "id");

	*table = (struct cli_table){ .out = out, .schema = schema };
	if (names && *names)
		return named_columns(table, names, arena, problem);
	if (id && !(id->flags & PROMO_COLUMN))
		add_column(table, id, arena);
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		/* People read the currency beside the amount. */
		if (out->data_terminal && strcmp(field->name, "currency") == 0)
			continue;
		if (field->flags & PROMO_COLUMN)
			add_column(table, field, arena);
	}
	return 0;
}

static size_t total_width(const struct cli_table *table)
{
	size_t total = 0;

	for (size_t i = 0; i < table->count; i++)
		total += table->columns[i].width + (i ? GAP : 0);
	return total;
}

/* Leaves out the id, which was nobody's wish, then takes from the widest until all fits. */
static void fit_widths(struct cli_table *table)
{
	enum {
		NARROW = 8
	};
	size_t limit = table->out->columns;

	if (limit == 0)
		return;
	if (total_width(table) > limit && table->count > 1 &&
		strcmp(table->columns[0].field->name, "id") == 0 &&
		!(table->columns[0].field->flags & PROMO_COLUMN)) {
		table->count--;
		memmove(table->columns, table->columns + 1,
			table->count * sizeof(table->columns[0]));
	}
	while (total_width(table) > limit) {
		struct cli_column *widest = &table->columns[0];

		for (size_t i = 1; i < table->count; i++)
			if (table->columns[i].width > widest->width)
				widest = &table->columns[i];
		if (widest->width <= NARROW)
			return;
		widest->width--;
	}
}

static void put_blanks(const struct cli_out *out, size_t count)
{
	cli_putf(out, "%*s", (int)count, "");
}

static void put_cell(const struct cli_table *table, size_t i, const char *text, enum cli_tone tone,
	struct promo_arena *arena)
{
	const struct cli_column *column = &table->columns[i];
	const char *clipped = cli_clip(table->out, arena, text, column->width);
	size_t width = promo_utf8_width(clipped);
	size_t blanks = width < column->width ? column->width - width : 0;

	if (column->right)
		put_blanks(table->out, blanks);
	cli_put_tone(table->out, tone, clipped);
	if (!column->right && i + 1 < table->count)
		put_blanks(table->out, blanks);
	cli_put(table->out, i + 1 < table->count ? "  " : "\n");
}

static void begin_table(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	for (size_t i = 0; i < table->count; i++) {
		struct cli_column *column = &table->columns[i];

		column->width = promo_utf8_width(column->header);
		for (size_t row = 0; row < count; row++) {
			const void *item = (const char *)items + row * table->schema->size;
			size_t width = promo_utf8_width(
				cli_print_value(table->schema, column->field, item, true, arena));

			column->width = width > column->width ? width : column->width;
		}
	}
	fit_widths(table);
	for (size_t i = 0; i < table->count; i++)
		put_cell(table, i, table->columns[i].header, CLI_BOLD, arena);
}

static void add_aligned(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	if (!table->begun && count)
		begin_table(table, items, count, arena);
	for (size_t row = 0; row < count; row++) {
		const void *item = (const char *)items + row * table->schema->size;

		for (size_t i = 0; i < table->count; i++) {
			const struct promo_field *field = table->columns[i].field;
			const char *text = cli_print_value(table->schema, field, item, true, arena);

			put_cell(table, i, text,
				field->kind == PROMO_ENUM ? cli_tone_of(text) : CLI_PLAIN, arena);
		}
	}
}

static void add_separated(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	for (size_t i = 0; !table->begun && i < table->count; i++)
		cli_putf(table->out, "%s%s", i ? "\t" : "", table->columns[i].header);
	if (!table->begun)
		cli_put(table->out, "\n");
	for (size_t row = 0; row < count; row++) {
		const void *item = (const char *)items + row * table->schema->size;

		for (size_t i = 0; i < table->count; i++)
			cli_putf(table->out, "%s%s", i ? "\t" : "",
				cli_print_value(table->schema, table->columns[i].field, item, false,
					arena));
		cli_put(table->out, "\n");
	}
}

void cli_table_add(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	if (table->out->data_terminal)
		add_aligned(table, items, count, arena);
	else
		add_separated(table, items, count, arena);
	table->begun = table->begun || !table->out->data_terminal || count > 0;
}

void cli_print_pair(
	const struct cli_out *out, struct promo_arena *arena, const char *name, const char *value)
{
	if (value && *value)
		cli_putf(out, "  %-*s %s\n", PAIR_WIDTH, name, cli_clean(arena, value));
}

/* An object that people know by its name stands on one line. */
static bool has_name(const struct promo_schema *schema)
{
	return schema->count <= 4 &&
	       (promo_schema_field(schema, "name") || promo_schema_field(schema, "batch_name"));
}

static void print_fields(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, const char *prefix, int depth, struct promo_arena *arena);

static void print_field(const struct cli_out *out, const struct promo_schema *schema,
	const struct promo_field *field, const void *object, const char *prefix, int depth,
	struct promo_arena *arena)
{
	bool people = out->data_terminal;
	const char *name = promo_arena_printf(arena, "%s%s", prefix, field->name);
	const char *value;

	if (!name || (people && promo_field_is_null(field, object)))
		return;
	if (field->kind == PROMO_OBJECT && !promo_field_is_null(field, object) &&
		depth < NEST_MAX && !(people && has_name(field->schema))) {
		const void *inner =
			*(const void *const *)(const void *)((const char *)object + field->offset);
		const char *nested = promo_arena_printf(arena, "%s.", name);

		print_fields(out, field->schema, inner, nested ? nested : "", depth + 1, arena);
		return;
	}
	value = cli_print_value(schema, field, object, people, arena);
	if (!people) {
		cli_putf(out, "%s\t%s\n", name, value);
		return;
	}
	cli_put_tone(out, CLI_MUTED, name);
	put_blanks(out, strlen(name) < 24 ? 24 - strlen(name) : 1);
	cli_put_tone(out, field->kind == PROMO_ENUM ? cli_tone_of(value) : CLI_PLAIN, value);
	cli_put(out, "\n");
}

static void print_fields(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, const char *prefix, int depth, struct promo_arena *arena)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (field->flags & PROMO_INTERNAL || field->kind == PROMO_SECRET ||
			(out->data_terminal && strcmp(field->name, "currency") == 0))
			continue;
		print_field(out, schema, field, object, prefix, depth, arena);
	}
}

void cli_print_object(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, struct promo_arena *arena)
{
	print_fields(out, schema, object, "", 0, arena);
}
