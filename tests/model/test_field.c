/* SPDX-License-Identifier: MIT */
/*
 * Tables of fields tell absent from null from a value, know each kind's null, and no noun of any
 * operation has a table that lies about its struct.
 */
#include "libpromo/model/field.h"

#include <string.h>

#include "libpromo/api/op.h"
#include "tests/lib/kind.h"
#include "tests/lib/test.h"

enum {
	A = 1,
	B = 2
};
static const char *const words[] = { NULL, "first", "second" };
static const struct promo_words two_words = { "two", words, 3 };

struct part {
	const char *id;
};
static const struct promo_field part_fields[] = {
	PROMO_F_TEXT(struct part, id, ID, 0, 0, 0, "id"),
};
static const struct promo_schema part_schema = PROMO_SCHEMA(struct part, "part", part_fields);

struct thing {
	struct promo_set set;
	bool flag;
	int64_t number, price, at;
	const char *text, *json;
	int choice;
	const struct part *part;
	struct promo_texts texts;
	struct promo_objects parts;
};

#define T struct thing
static const struct promo_field thing_fields[] = {
	PROMO_F_BOOL(T, flag, 0, "flag"),
	PROMO_F_INT(T, number, 0, 0, 0, "number"),
	PROMO_F_MONEY(T, price, 0, 0, 0, "price"),
	PROMO_F_TIME(T, at, 0, "time"),
	PROMO_F_TEXT(T, text, TEXT, 0, 0, 0, "text"),
	PROMO_F_TEXT(T, json, JSON, 0, 0, 0, "json"),
	PROMO_F_ENUM(T, choice, two_words, 0, "choice"),
	PROMO_F_OBJECT(T, part, struct part, part_schema, 0, "part"),
	PROMO_F_TEXTS(T, texts, 0, 0, NULL, 0, "texts"),
	PROMO_F_OBJECTS(T, parts, part_schema, 0, "parts"),
};
#undef T
static const struct promo_schema thing_schema = PROMO_INPUT(struct thing, "thing", thing_fields);

static void test_fields_are_found_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < thing_schema.count; i++)
		assert_ptr_equal(
			promo_schema_field(&thing_schema, thing_fields[i].name), &thing_fields[i]);
	assert_null(promo_schema_field(&thing_schema, "nothing"));
	assert_null(promo_schema_field(&thing_schema, ""));
	assert_null(promo_schema_field(&thing_schema, "tex"));
}

static void test_absent_null_and_value_differ(void **state)
{
	struct thing thing = { .set = { .present = 1 << 1 | 1 << 4, .null = 1 << 4 } };

	(void)state;
	assert_true(promo_present(&thing_schema, &thing, "number"));
	assert_false(promo_given_null(&thing_schema, &thing, "number"));
	assert_true(promo_present(&thing_schema, &thing, "text"));
	assert_true(promo_given_null(&thing_schema, &thing, "text"));
	assert_false(promo_present(&thing_schema, &thing, "flag"));
	assert_false(promo_given_null(&thing_schema, &thing, "flag"));
}

static void test_each_kind_has_its_null(void **state)
{
	static const struct part part = { "x" };
	const struct thing empty = { .number = PROMO_NULL_INT, .price = PROMO_NULL_INT };
	const struct thing full = {
		.flag = true,
		.number = 0,
		.price = 0,
		.at = 1,
		.text = "",
		.json = "null",
		.choice = A,
		.part = &part,
		.texts = { words + 1, 1 },
		.parts = { &part, 1 },
	};

	(void)state;
	for (size_t i = 0; i < thing_schema.count; i++) {
		const struct promo_field *field = &thing_fields[i];

		assert_int_equal(promo_field_is_null(field, &empty), field->kind != PROMO_BOOL);
		assert_false(promo_field_is_null(field, &full));
	}
}

static void test_words_and_values(void **state)
{
	(void)state;
	assert_string_equal(promo_word(&two_words, A), "first");
	assert_string_equal(promo_word(&two_words, B), "second");
	assert_null(promo_word(&two_words, 0));
	assert_null(promo_word(&two_words, 3));
	assert_null(promo_word(&two_words, -1));
	assert_int_equal(promo_word_value(&two_words, "second"), B);
	assert_int_equal(promo_word_value(&two_words, "Second"), 0);
	assert_int_equal(promo_word_value(&two_words, ""), 0);
}

/* Every byte of a struct belongs to one field at most, and each field has what its kind needs. */
static void check_schema(const struct promo_schema *schema, int depth)
{
	assert_true(depth < 10);
	assert_true(schema->count > 0 && schema->count <= PROMO_FIELDS_MAX);
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		size_t begin = field->offset, end = begin + promo_test_kind_size(field->kind);
		bool nested = field->kind == PROMO_OBJECT || field->kind == PROMO_OBJECTS;

		if (!promo_test_kind_size(field->kind) || end > schema->size ||
			(schema->has_set && begin < sizeof(struct promo_set)))
			fail_msg("%s.%s does not lie in its struct", schema->name, field->name);
		assert_ptr_equal(promo_schema_field(schema, field->name), field);
		assert_int_equal(strspn(field->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
			strlen(field->name));
		assert_true(field->min <= field->max);
		if (strlen(field->help) < 2 || field->help[strlen(field->help) - 1] == '.')
			fail_msg("%s.%s: the help \"%s\"", schema->name, field->name, field->help);
		for (size_t j = 0; j < i; j++) {
			const struct promo_field *other = &schema->fields[j];

			if (begin < other->offset + promo_test_kind_size(other->kind) &&
				other->offset < end)
				fail_msg("%s.%s and %s lie over each other", schema->name,
					field->name, other->name);
		}
		if (field->kind == PROMO_ENUM)
			assert_non_null(field->words);
		assert_int_equal(nested, field->schema != NULL);
		if (nested)
			check_schema(field->schema, depth + 1);
	}
}

static void test_the_tables_of_all_operations_fit_their_structs(void **state)
{
	int checked = 0;

	(void)state;
	for (const struct promo_op *const *at = promo_ops; *at; at++) {
		const struct promo_op *op = *at;
		const struct promo_schema *schemas[] = { op->in, op->out, op->other_out };

		for (size_t s = 0; s < PROMO_COUNT(schemas); s++)
			if (schemas[s]) {
				check_schema(schemas[s], 0);
				checked++;
			}
	}
	assert_true(checked > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_are_found_by_name),
		cmocka_unit_test(test_absent_null_and_value_differ),
		cmocka_unit_test(test_each_kind_has_its_null),
		cmocka_unit_test(test_words_and_values),
		cmocka_unit_test(test_the_tables_of_all_operations_fit_their_structs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
