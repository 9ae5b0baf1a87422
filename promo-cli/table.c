/* SPDX-License-Identifier: MIT */
#include "promo-cli/table.h"

#include <ctype.h>
#include <string.h>

#include "libpromo/base/csv.h"
#include "libpromo/base/utf8.h"
#include "promo-cli/print.h"

enum {
	GAP = 2,
	CELL_LEAST = 8,
	NAME_LEAST = 24,
	CSV_ROW_BYTES_MAX = 16 * 1024 * 1024,
};

static bool is_aligned(const struct cli_out *out)
{
	return out->data_terminal && !out->csv;
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
		{ "last_redemption_at", "LAST REDEMPTION" },
		{ "phone_number", "PHONE" },
		{ "redeemed_amount", "REDEEMED" },
		{ "redemptions_count", "REDEMPTIONS" },
		{ "created_at", "CREATED" },
	};
	char *text;

	if (!is_aligned(out))
		return name;
	for (size_t i = 0; i < PROMO_COUNT(headers); i++)
		if (strcmp(headers[i].name, name) == 0)
			return headers[i].header;
	text = promo_arena_strdup(arena, name);
	for (char *at = text; at && *at; at++)
		*at = (char)(*at == '_' ? ' ' : toupper((unsigned char)*at));
	return text ? text : name;
}

static void add_path(
	struct cli_table *table, const struct promo_path *path, struct promo_arena *arena)
{
	const struct promo_field *field = path->count ? path->steps[path->count - 1] : NULL;

	if (table->count == CLI_COLUMNS_MAX)
		return;
	table->columns[table->count++] = (struct cli_column){
		.path = *path,
		.field = field,
		.header = header_of(table->out, path->name, arena),
		.right = path->count == 1 &&
			 (field->kind == PROMO_INT || field->kind == PROMO_MONEY),
	};
}

static void add_column(
	struct cli_table *table, const struct promo_field *field, struct promo_arena *arena)
{
	add_path(table, &(struct promo_path){ .name = field->name, .steps = { field }, .count = 1 },
		arena);
}

static void add_fields(struct cli_table *table, const struct promo_schema *schema,
	const struct promo_path *outer, struct promo_arena *arena)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		struct promo_path path = *outer;

		if (field->flags & PROMO_INTERNAL || field->kind == PROMO_SECRET)
			continue;
		path.steps[path.count++] = field;
		path.name = promo_arena_printf(
			arena, "%s%s%s", outer->name, *outer->name ? "." : "", field->name);
		if (field->kind == PROMO_OBJECT && path.count < PROMO_PATH_STEPS_MAX)
			add_fields(table, field->schema, &path, arena);
		else if (path.name)
			add_path(table, &path, arena);
	}
}

void cli_table_init_whole(struct cli_table *table, const struct cli_out *out,
	const struct promo_schema *schema, struct promo_arena *arena)
{
	*table = (struct cli_table){ .out = out, .schema = schema };
	add_fields(table, schema, &(struct promo_path){ .name = "" }, arena);
}

void cli_table_init(struct cli_table *table, const struct cli_out *out,
	const struct promo_schema *schema, const struct promo_chosen *chosen,
	struct promo_arena *arena)
{
	const struct promo_field *id = promo_schema_field(schema, "id");

	*table = (struct cli_table){ .out = out, .schema = schema };
	for (size_t i = 0; chosen && i < chosen->count; i++)
		add_path(table, &chosen->paths[i], arena);
	if (table->count)
		return;
	if (id && !(id->flags & PROMO_COLUMN)) {
		add_column(table, id, arena);
		table->columns[0].spare = true;
	}
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		/* People read the currency beside the amount. */
		if (is_aligned(out) && strcmp(field->name, "currency") == 0)
			continue;
		if (field->flags & PROMO_COLUMN)
			add_column(table, field, arena);
	}
}

static size_t total_width(const struct cli_table *table)
{
	size_t total = 0;

	for (size_t i = 0; i < table->count; i++)
		total += table->columns[i].width + (i ? GAP : 0);
	return total;
}

/* What can be cut short and still says something. Half a code, an id, a number or a time does not. */
static bool is_soft(const struct promo_field *field)
{
	switch (field->kind) {
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

/* What a line is about: it is left out last, and never cut below what still tells it from others. */
static bool is_name(const struct cli_column *column)
{
	static const char *const names[] = { "id", "code", "name", "batch_name", "number", "key" };

	for (size_t i = 0; i < PROMO_COUNT(names); i++)
		if (!column->spare && strcmp(names[i], column->path.name) == 0)
			return true;
	return false;
}

static size_t least_width(const struct cli_column *column)
{
	const size_t least = is_name(column) ? NAME_LEAST : CELL_LEAST;

	return column->field && is_soft(column->field) && column->wanted > least ? least
										 : column->wanted;
}

/* The higher the sooner it goes. */
static int expendability(const struct cli_column *column)
{
	if (is_name(column))
		return 0;
	if (column->spare)
		return 6;
	if (!column->field)
		return 5;
	switch (column->field->kind) {
	case PROMO_CODE:
	case PROMO_ENUM:
		return 1;
	case PROMO_MONEY:
	case PROMO_INT:
	case PROMO_BOOL:
		return 2;
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TIME:
		return 3;
	case PROMO_TEXT:
	case PROMO_OBJECT:
	case PROMO_OBJECTS:
	case PROMO_TEXTS:
	case PROMO_SECRET:
	case PROMO_ID:
		return 4;
	case PROMO_URL:
	case PROMO_JSON:
		break;
	}
	return 5;
}

static size_t least_total(const struct cli_table *table)
{
	size_t total = 0;

	for (size_t i = 0; i < table->count; i++)
		total += least_width(&table->columns[i]) + (i ? GAP : 0);
	return total;
}

/* The last of those that go soonest. */
static void leave_one_out(struct cli_table *table)
{
	size_t worst = 0;

	for (size_t i = 1; i < table->count; i++)
		if (expendability(&table->columns[i]) >= expendability(&table->columns[worst]))
			worst = i;
	table->narrowed = table->narrowed || !table->columns[worst].spare;
	table->count--;
	memmove(&table->columns[worst], &table->columns[worst + 1],
		(table->count - worst) * sizeof(table->columns[0]));
}

static struct cli_column *widest_to_cut(struct cli_table *table)
{
	struct cli_column *widest = NULL;

	for (size_t i = 0; i < table->count; i++) {
		struct cli_column *column = &table->columns[i];

		if (column->width > least_width(column) &&
			(!widest || column->width > widest->width))
			widest = column;
	}
	return widest;
}

/* What nobody asked for goes first, uncut or not; then columns go until the others, cut as far as they
 * may be, have room; and these take what room there is. A name alone is cut as the terminal wants. */
static void fit_widths(struct cli_table *table)
{
	const size_t limit = table->out->columns;
	struct cli_column *widest;

	if (limit == 0)
		return;
	if (total_width(table) > limit && table->count > 1 && table->columns[0].spare)
		leave_one_out(table);
	while (least_total(table) > limit && table->count > 1)
		leave_one_out(table);
	while (total_width(table) > limit && (widest = widest_to_cut(table)))
		widest->width--;
	if (table->count == 1 && table->columns[0].width > limit)
		table->columns[0].width = limit;
}

void cli_table_end(const struct cli_table *table)
{
	if (table->narrowed)
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
	const enum cli_reader reader = cli_person(table->out, CLI_PEOPLE_AGO);

	for (size_t i = 0; i < table->count; i++) {
		struct cli_column *column = &table->columns[i];

		column->width = table->out->no_headers ? 0 : promo_utf8_width(column->header);
		for (size_t row = 0; row < count; row++) {
			const void *item = (const char *)items + row * table->schema->size;
			size_t width = promo_utf8_width(
				cli_print_path(table->schema, &column->path, item, reader, arena));

			column->width = width > column->width ? width : column->width;
		}
		column->wanted = column->width;
	}
	fit_widths(table);
	for (size_t i = 0; !table->out->no_headers && i < table->count; i++)
		put_cell(table, i, table->columns[i].header, CLI_BOLD, arena);
}

static enum cli_tone tone_of_cell(const struct cli_column *column, const char *text)
{
	return column->field && column->field->kind == PROMO_ENUM ? cli_tone_of(text) : CLI_PLAIN;
}

static void add_aligned(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	const enum cli_reader reader = cli_person(table->out, CLI_PEOPLE_AGO);

	if (!table->begun && count)
		begin_table(table, items, count, arena);
	for (size_t row = 0; row < count; row++) {
		const void *item = (const char *)items + row * table->schema->size;

		for (size_t i = 0; i < table->count; i++) {
			const struct cli_column *column = &table->columns[i];
			const char *text =
				cli_print_path(table->schema, &column->path, item, reader, arena);

			put_cell(table, i, text, tone_of_cell(column, text), arena);
		}
	}
}

static void put_separated_header(const struct cli_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		cli_putf(table->out, "%s%s", i ? "\t" : "", table->columns[i].header);
	cli_put(table->out, "\n");
}

static void add_separated(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	if (!table->begun && !table->out->no_headers)
		put_separated_header(table);
	for (size_t row = 0; row < count; row++) {
		const void *item = (const char *)items + row * table->schema->size;

		for (size_t i = 0; i < table->count; i++)
			cli_putf(table->out, "%s%s", i ? "\t" : "",
				cli_print_path(table->schema, &table->columns[i].path, item,
					CLI_PROGRAMS, arena));
		cli_put(table->out, "\n");
	}
}

/* Whether somebody may have typed what stands there, so that it could be a formula. */
static bool is_typed(const struct cli_column *column)
{
	if (!column->field || column->path.count > 1)
		return true;
	switch (column->field->kind) {
	case PROMO_TEXT:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_JSON:
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
	case PROMO_SECRET:
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
	case PROMO_ENUM:
		break;
	}
	return false;
}

/* A row whose text could not be held is missing: that is told by the stream's error, as any other. */
static void put_csv_row(const struct cli_table *table, struct promo_csv *csv)
{
	const char *text;

	promo_csv_row_end(csv);
	if (promo_buffer_end(csv->out, &text) == 0)
		cli_put(table->out, text);
	promo_buffer_clear(csv->out);
}

static void add_csv(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	const enum cli_reader reader = table->out->data_terminal ? CLI_PROGRAMS : CLI_EXACT;
	struct promo_buffer row = PROMO_BUFFER(arena, CSV_ROW_BYTES_MAX);
	struct promo_csv csv = { .out = &row };

	if (!table->begun && !table->out->no_headers) {
		for (size_t i = 0; i < table->count; i++)
			promo_csv_value(&csv, table->columns[i].header);
		put_csv_row(table, &csv);
	}
	for (size_t at = 0; at < count; at++) {
		const void *item = (const char *)items + at * table->schema->size;

		for (size_t i = 0; i < table->count; i++) {
			const struct cli_column *column = &table->columns[i];
			const char *text =
				cli_print_path(table->schema, &column->path, item, reader, arena);

			if (is_typed(column))
				promo_csv_text(&csv, text);
			else
				promo_csv_value(&csv, text);
		}
		put_csv_row(table, &csv);
	}
}

void cli_table_add(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena)
{
	const bool aligned = is_aligned(table->out);

	if (aligned)
		add_aligned(table, items, count, arena);
	else if (table->out->csv)
		add_csv(table, items, count, arena);
	else
		add_separated(table, items, count, arena);
	table->begun = table->begun || !aligned || count > 0;
}
