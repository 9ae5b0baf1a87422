/* SPDX-License-Identifier: MIT */
#include "promo-cli/table.h"

#include <ctype.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "promo-cli/print.h"

enum {
	GAP = 2
};

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
		{ "last_redemption_at", "LAST REDEMPTION" },
		{ "phone_number", "PHONE" },
		{ "redeemed_amount", "REDEEMED" },
		{ "redemptions_count", "REDEMPTIONS" },
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
	if (id && !(id->flags & PROMO_COLUMN)) {
		add_column(table, id, arena);
		table->columns[0].spare = true;
	}
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

/* What can be cut short and still says something. Half a code, an id, a number or a time does not. */
static bool is_soft(const struct cli_column *column)
{
	enum {
		NARROW = 8
	};

	if (column->width <= NARROW)
		return false;
	switch (column->field->kind) {
	case PROMO_TEXT:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ENUM:
	case PROMO_JSON:
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		return true;
	case PROMO_BOOL:
	case PROMO_INT:
	case PROMO_MONEY:
	case PROMO_TIME:
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_CODE:
	case PROMO_PHONE:
	case PROMO_ID:
	case PROMO_SECRET:
		break;
	}
	return false;
}

static struct cli_column *widest_soft(struct cli_table *table)
{
	struct cli_column *widest = NULL;

	for (size_t i = 0; i < table->count; i++)
		if (is_soft(&table->columns[i]) &&
			(!widest || table->columns[i].width > widest->width))
			widest = &table->columns[i];
	return widest;
}

/* Leaves out what nobody asked for, then takes from the widest that can be cut, then drops
 * columns from the right until all fits. */
static void fit_widths(struct cli_table *table)
{
	size_t limit = table->out->columns, asked = table->count;
	struct cli_column *widest = NULL;

	if (limit == 0)
		return;
	if (total_width(table) > limit && table->columns[0].spare) {
		asked = --table->count;
		memmove(table->columns, table->columns + 1,
			table->count * sizeof(table->columns[0]));
	}
	while (total_width(table) > limit && (widest = widest_soft(table)))
		widest->width--;
	while (total_width(table) > limit && table->count > 1)
		table->count--;
	if (table->count < asked)
		cli_say(table->out,
			"the terminal is too narrow for all columns; --columns chooses");
}

static void put_cell(const struct cli_table *table, size_t i, const char *text, enum cli_tone tone,
	struct promo_arena *arena)
{
	const struct cli_column *column = &table->columns[i];
	const char *clipped = cli_clip(table->out, arena, text, column->width);
	size_t width = promo_utf8_width(clipped);
	size_t blanks = width < column->width ? column->width - width : 0;

	if (column->right)
		cli_put_blanks(table->out, blanks);
	cli_put_tone(table->out, tone, clipped);
	if (!column->right && i + 1 < table->count)
		cli_put_blanks(table->out, blanks);
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
