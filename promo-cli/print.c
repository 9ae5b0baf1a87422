/* SPDX-License-Identifier: MIT */
#include "promo-cli/print.h"

#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/time.h"
#include "libpromo/model/ref.h"
#include "libpromo/rules/money.h"

enum {
	PAIR_WIDTH = 10,
	NAME_WIDTH = 24,
	INDENT = 2,
	NEST_MAX = 3,
	IN_ONE_LINE = 4,
	SUMS_BYTES_MAX = 64 * 1024,
	EACH_BYTES_MAX = 1024 * 1024,
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
		{ "delivered", CLI_GOOD },
		{ "resolved", CLI_GOOD },
		{ "sent", CLI_GOOD },
		{ "succeeded", CLI_GOOD },
		{ "acknowledged", CLI_WARN },
		{ "generating", CLI_WARN },
		{ "investigating", CLI_WARN },
		{ "pending", CLI_WARN },
		{ "queued", CLI_WARN },
		{ "running", CLI_WARN },
		{ "waiting", CLI_WARN },
		{ "warning", CLI_WARN },
		{ "blocked", CLI_BAD },
		{ "critical", CLI_BAD },
		{ "dead", CLI_BAD },
		{ "denied", CLI_BAD },
		{ "failed", CLI_BAD },
		{ "open", CLI_BAD },
		{ "rejected", CLI_BAD },
		{ "reported", CLI_BAD },
		{ "archived", CLI_MUTED },
		{ "cancelled", CLI_MUTED },
		{ "dismissed", CLI_MUTED },
		{ "expired", CLI_MUTED },
		{ "info", CLI_MUTED },
		{ "redeemed", CLI_MUTED },
	};

	for (size_t i = 0; word && i < PROMO_COUNT(tones); i++)
		if (strcmp(tones[i].word, word) == 0)
			return tones[i].tone;
	return CLI_PLAIN;
}

static const void *at(const struct promo_field *field, const void *object)
{
	return (const char *)object + field->offset;
}

static int64_t int_at(const struct promo_field *field, const void *object)
{
	return *(const int64_t *)at(field, object);
}

static const char *text_at(const struct promo_schema *schema, const char *name, const void *object)
{
	const struct promo_field *field = promo_schema_field(schema, name);

	if (!field || field->kind != PROMO_TEXT)
		return NULL;
	return *(const char *const *)at(field, object);
}

/* Sums in several currencies: "1,000 RWF, 3 USD" for people, "1000.00 RWF, 3.00 USD" for programs. */
static const char *sums(
	const struct promo_field *field, const void *object, bool people, struct promo_arena *arena)
{
	const struct promo_objects *list = at(field, object);
	const struct promo_sum *items = list->items;
	struct promo_buffer buffer = PROMO_BUFFER(arena, SUMS_BYTES_MAX);
	char plain[PROMO_MONEY_SIZE];
	const char *text;

	for (size_t i = 0; i < list->count; i++) {
		promo_money_format(items[i].amount, plain);
		promo_buffer_printf(&buffer, "%s%s %s", i ? ", " : "",
			people ? cli_money(arena, items[i].amount, NULL) : plain,
			cli_clean(arena, items[i].currency));
	}
	return promo_buffer_end(&buffer, &text) == 0 ? text : "";
}

enum cli_reader cli_person(const struct cli_out *out, enum cli_reader usual)
{
	static const enum cli_reader readers[] = {
		[CLI_TIMES_RELATIVE] = CLI_PEOPLE_AGO,
		[CLI_TIMES_LOCAL] = CLI_PEOPLE,
		[CLI_TIMES_UTC] = CLI_PEOPLE_UTC,
	};

	return out->times == CLI_TIMES_USUAL ? usual : readers[out->times];
}

static const char *time_for_people(int64_t at_ms, enum cli_reader reader, struct promo_arena *arena)
{
	if (reader == CLI_PEOPLE_AGO)
		return cli_time_relative(arena, at_ms, promo_now_ms());
	return reader == CLI_PEOPLE_UTC ? cli_time_utc(arena, at_ms) : cli_time(arena, at_ms);
}

static const char *value_for_people(const struct promo_schema *schema,
	const struct promo_field *field, const void *object, enum cli_reader reader,
	struct promo_arena *arena)
{
	if (field->kind == PROMO_BOOL)
		return *(const bool *)at(field, object) ? "yes" : "no";
	if (field->kind == PROMO_INT)
		return cli_number(arena, int_at(field, object));
	if (field->kind == PROMO_TIME)
		return time_for_people(int_at(field, object), reader, arena);
	if (field->kind == PROMO_MONEY)
		return cli_money(arena, int_at(field, object),
			cli_clean(arena, text_at(schema, "currency", object)));
	return NULL;
}

static const char *value_for_programs(
	const struct promo_field *field, const void *object, struct promo_arena *arena)
{
	char *text;

	if (field->kind == PROMO_BOOL)
		return *(const bool *)at(field, object) ? "true" : "false";
	if (field->kind == PROMO_MONEY) {
		text = promo_arena_alloc(arena, PROMO_MONEY_SIZE);
		if (text)
			promo_money_format(int_at(field, object), text);
		return text;
	}
	if (field->kind != PROMO_TIME)
		return NULL;
	text = promo_arena_alloc(arena, PROMO_TIME_SIZE);
	if (text)
		promo_time_format(int_at(field, object), text);
	return text;
}

const char *cli_print_value(const struct promo_schema *schema, const struct promo_field *field,
	const void *object, enum cli_reader reader, struct promo_arena *arena)
{
	const bool people = reader != CLI_PROGRAMS && reader != CLI_EXACT;
	const char *text;

	if (promo_field_is_null(field, object))
		return "";
	if (field->kind == PROMO_OBJECTS && field->schema == &promo_sum_schema)
		return sums(field, object, people, arena);
	text = people ? value_for_people(schema, field, object, reader, arena)
		      : value_for_programs(field, object, arena);
	if (text)
		return text;
	if (promo_format_field(field, object, arena, &text))
		return "";
	return reader == CLI_EXACT ? text : cli_clean(arena, text);
}

static const char *step(const struct promo_schema *schema, const struct promo_path *path,
	size_t depth, const void *object, enum cli_reader reader, struct promo_arena *arena);

/* That field of every object of a list. */
static const char *each(const struct promo_path *path, size_t depth,
	const struct promo_objects *list, enum cli_reader reader, struct promo_arena *arena)
{
	const struct promo_schema *schema = path->steps[depth]->schema;
	struct promo_buffer buffer = PROMO_BUFFER(arena, EACH_BYTES_MAX);
	const char *text;

	for (size_t i = 0; i < list->count; i++) {
		const void *object = (const char *)list->items + i * schema->size;

		promo_buffer_text(&buffer, i ? ", " : "");
		promo_buffer_text(&buffer, step(schema, path, depth + 1, object, reader, arena));
	}
	return promo_buffer_end(&buffer, &text) == 0 ? text : "";
}

static const char *step(const struct promo_schema *schema, const struct promo_path *path,
	size_t depth, const void *object, enum cli_reader reader, struct promo_arena *arena)
{
	const struct promo_field *field = path->steps[depth];

	if (depth + 1 == path->count)
		return cli_print_value(schema, field, object, reader, arena);
	if (field->kind == PROMO_OBJECTS)
		return each(path, depth, at(field, object), reader, arena);
	if (promo_field_is_null(field, object))
		return "";
	return step(field->schema, path, depth + 1, *(const void *const *)at(field, object), reader,
		arena);
}

const char *cli_print_path(const struct promo_schema *schema, const struct promo_path *path,
	const void *object, enum cli_reader reader, struct promo_arena *arena)
{
	return path->count ? step(schema, path, 0, object, reader, arena) : "";
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

/* Where an object stands that is printed: behind which names, how deep. */
struct place {
	const char *prefix; /* for programs: "batch." */
	int depth;
};

static void print_fields(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, struct place place, struct promo_arena *arena);

static void put_name(const struct cli_out *out, const char *name, int depth)
{
	size_t width = (size_t)(INDENT * depth) + strlen(name);

	cli_put_blanks(out, (size_t)(INDENT * depth));
	cli_put_tone(out, CLI_MUTED, name);
	cli_put_blanks(out, width < NAME_WIDTH ? NAME_WIDTH - width : 1);
}

static void print_inner(const struct cli_out *out, const struct promo_field *field,
	const void *object, struct place place, struct promo_arena *arena)
{
	const void *inner = *(const void *const *)at(field, object);
	const char *prefix = promo_arena_printf(arena, "%s%s.", place.prefix, field->name);

	if (out->data_terminal) {
		cli_put_blanks(out, (size_t)(INDENT * place.depth));
		cli_put_tone(out, CLI_MUTED, field->name);
		cli_put(out, "\n");
	}
	print_fields(out, field->schema, inner,
		(struct place){ prefix ? prefix : "", place.depth + 1 }, arena);
}

/* A long list, a line for each. */
static void print_texts(const struct cli_out *out, const struct promo_field *field,
	const struct promo_texts *texts, int depth, struct promo_arena *arena)
{
	for (size_t i = 0; i < texts->count; i++) {
		put_name(out, i ? "" : field->name, depth);
		cli_putf(out, "%s\n", cli_clean(arena, texts->items[i]));
	}
}

static void print_for_people(const struct cli_out *out, const struct promo_schema *schema,
	const struct promo_field *field, const void *object, int depth, struct promo_arena *arena)
{
	const struct promo_texts *texts = field->kind == PROMO_TEXTS ? at(field, object) : NULL;
	const char *value;

	if (promo_field_is_null(field, object) || strcmp(field->name, "currency") == 0)
		return;
	if (texts && texts->count > IN_ONE_LINE) {
		print_texts(out, field, texts, depth, arena);
		return;
	}
	value = cli_print_value(schema, field, object, cli_person(out, CLI_PEOPLE), arena);
	put_name(out, field->name, depth);
	cli_put_tone(out, field->kind == PROMO_ENUM ? cli_tone_of(value) : CLI_PLAIN, value);
	cli_put(out, "\n");
}

static void print_fields(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, struct place place, struct promo_arena *arena)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (field->flags & PROMO_INTERNAL || field->kind == PROMO_SECRET)
			continue;
		if (field->kind == PROMO_OBJECT && !promo_field_is_null(field, object) &&
			place.depth < NEST_MAX && !(out->data_terminal && has_name(field->schema)))
			print_inner(out, field, object, place, arena);
		else if (out->data_terminal)
			print_for_people(out, schema, field, object, place.depth, arena);
		else
			cli_putf(out, "%s%s\t%s\n", place.prefix, field->name,
				cli_print_value(schema, field, object, CLI_PROGRAMS, arena));
	}
}

void cli_print_object(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, struct promo_arena *arena)
{
	print_fields(out, schema, object, (struct place){ "", 0 }, arena);
}
