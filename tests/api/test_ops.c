/* SPDX-License-Identifier: MIT */
/* Proves over all rows what no compiler can see: that each is whole, agrees with itself and with
 * its tables, and that none goes without a permission. Whoever adds a row is told what lacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ctype.h>

#include "libpromo/api/op.h"
#include "libpromo/api/route.h"
#include "tests/lib/kind.h"

#define EACH_OP(op)                                                                                \
	for (size_t op##_i = 0; promo_ops[op##_i]; op##_i++)                                       \
		for (const struct promo_op *op = promo_ops[op##_i]; op; op = NULL)

/* Fails with the name of the row. */
#define check(op, holds)                                                                           \
	do {                                                                                       \
		if (!(holds))                                                                      \
			fail_msg("%s: not so: %s", (op)->name, #holds);                            \
	} while (0)

static void test_names_and_routes_are_unique(void **state)
{
	(void)state;
	EACH_OP(a)
	{
		check(a, promo_op_find(a->name) == a);
		EACH_OP(b)
		check(a, a == b || a->method != b->method || strcmp(a->path, b->path) != 0);
	}
	assert_null(promo_op_find("batch.none"));
	assert_null(promo_op_find(""));
}

/* "noun.verb", of letters and dashes: it becomes words of the command and a name of the audit. */
static void test_names_are_noun_and_verb(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		const size_t noun = strspn(op->name, "abcdefghijklmnopqrstuvwxyz-");
		const char *verb = op->name + noun + 1;

		check(op, noun > 0 && op->name[noun] == '.');
		check(op, *verb && verb[strspn(verb, "abcdefghijklmnopqrstuvwxyz-")] == '\0');
		check(op, op->summary && isupper((unsigned char)op->summary[0]));
		check(op, op->summary[strlen(op->summary) - 1] != '.');
		check(op, op->path && op->path[0] == '/' && op->path[strlen(op->path) - 1] != '/');
	}
}

static size_t count_required(const struct promo_op *op)
{
	size_t count = 0;

	while (count < PROMO_OP_REQUIRED_MAX && op->required[count].permission)
		count++;
	return count;
}

static void test_access_is_declared(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		const size_t count = count_required(op);

		check(op,
			op->access >= PROMO_ACCESS_PUBLIC && op->access <= PROMO_ACCESS_PERMISSION);
		check(op, (op->access == PROMO_ACCESS_PERMISSION) == (count > 0));
		check(op, !op->sees_all || op->access != PROMO_ACCESS_PUBLIC);
		for (size_t i = 0; i < count; i++)
			check(op, promo_permission_key(op->required[i].permission));
	}
}

/* Whatever is given or not given, something is asked of the caller. */
static void test_no_input_goes_without_a_permission(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		const char *with = NULL, *without = NULL;
		bool always = false;

		for (size_t i = 0; i < count_required(op); i++) {
			always |= op->required[i].when == PROMO_WHEN_ALWAYS;
			if (op->required[i].when == PROMO_WHEN_WITH ||
				op->required[i].when == PROMO_WHEN_IS)
				with = op->required[i].field;
			if (op->required[i].when == PROMO_WHEN_WITHOUT ||
				op->required[i].when == PROMO_WHEN_IS_NOT)
				without = op->required[i].field;
		}
		check(op, op->access != PROMO_ACCESS_PERMISSION || always ||
				  (with && without && strcmp(with, without) == 0));
	}
}

static void test_conditions_name_fields(void **state)
{
	(void)state;
	EACH_OP(op)
	for (size_t i = 0; i < count_required(op); i++) {
		const struct promo_required *required = &op->required[i];
		const bool has_word =
			required->when == PROMO_WHEN_IS || required->when == PROMO_WHEN_IS_NOT;
		const bool has_field = has_word || required->when == PROMO_WHEN_WITH ||
				       required->when == PROMO_WHEN_WITHOUT;
		const struct promo_field *field =
			has_word ? promo_schema_field(op->in, required->field) : NULL;

		check(op, has_field == (required->field != NULL));
		check(op, !has_field || (op->in && promo_schema_field(op->in, required->field)));
		check(op, has_word == (required->word != NULL));
		check(op, !has_word || (field && field->kind == PROMO_ENUM &&
					       promo_word_value(field->words, required->word)));
		check(op, required->when != PROMO_WHEN_FILTERED || op->shape == PROMO_SHAPE_LIST ||
				  op->shape == PROMO_SHAPE_STREAM);
	}
}

static bool signs_in(const struct promo_op *op)
{
	static const char *const names[] = { "auth.login", "auth.mfa", "auth.mfa-send",
		"auth.password-reset", "registration.create" };
	bool found = false;

	for (size_t i = 0; i < PROMO_COUNT(names); i++)
		found = found || strcmp(op->name, names[i]) == 0;
	return found;
}

/* What a page shows to whoever has not signed in yet. */
static bool is_picture(const struct promo_op *op)
{
	return strncmp(op->name, "branding.", strlen("branding.")) == 0 && op->method == PROMO_GET;
}

/* Only signing in, pictures, and questions nobody acts on, are open to the world. */
static void test_what_is_public(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		check(op, op->access != PROMO_ACCESS_PUBLIC || (op->flags & PROMO_OP_UNAUDITED) ||
				  signs_in(op) || is_picture(op));
		check(op, !(op->flags & PROMO_OP_UNAUDITED) || !(op->flags & PROMO_OP_WRITES));
		check(op, !(op->flags & PROMO_OP_ROOT) || op->access == PROMO_ACCESS_PUBLIC);
	}
}

static void test_methods_and_flags_agree(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		const unsigned flags = op->flags;

		check(op, op->method >= PROMO_GET && op->method <= PROMO_DELETE);
		check(op, op->method != PROMO_GET || !(flags & PROMO_OP_WRITES));
		check(op, op->method == PROMO_GET || op->method == PROMO_POST ||
				  (flags & PROMO_OP_WRITES));
		check(op, !(flags & PROMO_OP_KEY_REQUIRED) || (flags & PROMO_OP_KEY));
		check(op, !(flags & PROMO_OP_KEY) ||
				  ((flags & PROMO_OP_WRITES) && op->method == PROMO_POST));
		/* api.md: a key is accepted on every POST that creates. */
		check(op, op->status != 201 || (flags & PROMO_OP_KEY));
		check(op, !(flags & PROMO_OP_IF_MATCH) || (flags & PROMO_OP_ETAG));
		/* What is replaced as a whole and without a look at it has no version, nor has what
		 * api.md does not give one. */
		check(op, (op->method != PROMO_PATCH && op->method != PROMO_PUT) ||
				  (flags & PROMO_OP_IF_MATCH) || op->body == PROMO_BODY_BYTES ||
				  !promo_schema_field(op->out, "version"));
		check(op, !(flags & PROMO_OP_ETAG) || promo_schema_field(op->out, "version"));
	}
}

static void test_status_fits_the_shape(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		const int status = op->status;

		check(op, op->shape >= PROMO_SHAPE_NONE && op->shape <= PROMO_SHAPE_STREAM);
		check(op, (op->shape == PROMO_SHAPE_NONE) == (status == 204));
		check(op, status == 200 || status == 201 || status == 202 || status == 204);
		/* What may not stand in a query is asked for by POST. */
		check(op, op->shape != PROMO_SHAPE_LIST ||
				  (status == 200 && !(op->flags & PROMO_OP_WRITES)));
		check(op,
			(op->shape != PROMO_SHAPE_ONE && op->shape != PROMO_SHAPE_LIST) || op->out);
		/* What is long in the making may be a noun all the same. */
		check(op, !op->out || op->shape == PROMO_SHAPE_ONE ||
				  op->shape == PROMO_SHAPE_LIST ||
				  (op->shape == PROMO_SHAPE_STREAM &&
					  strcmp(op->media_type, "application/json") == 0));
		check(op, !op->totals || op->shape == PROMO_SHAPE_LIST);
		check(op, (op->shape == PROMO_SHAPE_STREAM) == (op->media_type != NULL));
		check(op, (op->other_status != 0) == (op->other_out != NULL));
		check(op, op->other_status != status);
	}
}

static void test_path_names_are_fields(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		size_t names = 0, fields = 0;

		for (const char *at = strchr(op->path, '{'); at; at = strchr(at + 1, '{')) {
			char name[64];
			const struct promo_field *field;

			(void)snprintf(
				name, sizeof(name), "%.*s", (int)strcspn(at + 1, "}"), at + 1);
			field = op->in ? promo_schema_field(op->in, name) : NULL;
			check(op, field && (field->flags & PROMO_IN_PATH));
			check(op, field->flags & PROMO_REQUIRED);
			check(op, at[-1] == '/');
			names++;
		}
		for (size_t i = 0; op->in && i < op->in->count; i++)
			fields += (op->in->fields[i].flags & PROMO_IN_PATH) != 0;
		check(op, names == fields && names <= PROMO_PATH_NAMES_MAX);
	}
}

/* Checks a table and those of the objects in it, which never hold themselves. */
static void check_schema(const struct promo_op *op, const struct promo_schema *schema, int depth)
{
	check(op, depth < 6);
	check(op, schema->name && schema->count > 0 && schema->count <= PROMO_FIELDS_MAX);
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		const bool nests = field->kind == PROMO_OBJECT || field->kind == PROMO_OBJECTS;

		check(op, promo_schema_field(schema, field->name) == field);
		check(op,
			field->name[strspn(field->name, "abcdefghijklmnopqrstuvwxyz0123456789_")] ==
				'\0');
		check(op, promo_test_kind_size(field->kind) > 0);
		check(op, field->offset + promo_test_kind_size(field->kind) <= schema->size);
		check(op, !schema->has_set || field->offset >= sizeof(struct promo_set));
		check(op,
			field->help && *field->help && field->help[strlen(field->help) - 1] != '.');
		check(op, field->min <= field->max || field->max == 0);
		check(op, nests == (field->schema != NULL));
		check(op, field->kind != PROMO_ENUM || field->words);
		if (nests)
			check_schema(op, field->schema, depth + 1);
	}
}

static void test_tables_are_whole(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		if (op->in)
			check_schema(op, op->in, 0);
		if (op->out)
			check_schema(op, op->out, 0);
		if (op->other_out)
			check_schema(op, op->other_out, 0);
		check(op, !op->in || op->in->has_set);
	}
}

static void test_fields_stand_where_the_method_lets_them(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		const bool no_body = op->method == PROMO_GET || op->method == PROMO_DELETE;

		check(op, !no_body || !promo_op_takes_body(op));
		for (size_t i = 0; op->in && i < op->in->count; i++) {
			const struct promo_field *field = &op->in->fields[i];
			const unsigned flags = field->flags;

			check(op, !((flags & PROMO_IN_PATH) && (flags & PROMO_IN_QUERY)));
			check(op, !(flags & PROMO_MULTI) ||
					  (field->kind == PROMO_TEXTS && (flags & PROMO_IN_QUERY)));
			check(op, !((flags & PROMO_REQUIRED) && (flags & PROMO_NULLABLE)));
			/* design: a full code never stands in a path or a query string. */
			check(op, field->kind != PROMO_CODE ||
					  !(flags & (PROMO_IN_PATH | PROMO_IN_QUERY)));
			check(op, field->kind != PROMO_SECRET ||
					  !(flags & (PROMO_IN_PATH | PROMO_IN_QUERY)));
			check(op, !(flags & (PROMO_INTERNAL | PROMO_OMIT_NULL | PROMO_COLUMN)));
		}
	}
}

static void test_lists_take_a_page(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		static const char *const names[] = { "limit", "cursor", "count" };

		for (size_t i = 0; i < PROMO_COUNT(names); i++) {
			const struct promo_field *field =
				op->in ? promo_schema_field(op->in, names[i]) : NULL;

			check(op, (op->shape == PROMO_SHAPE_LIST) ==
					  (field && (field->flags & PROMO_IN_QUERY)));
		}
	}
}

static void test_errors_are_each_named_once(void **state)
{
	(void)state;
	EACH_OP(op)
	for (size_t i = 0; i < PROMO_OP_ERRORS_MAX && op->errors[i].error; i++) {
		check(op, op->errors[i].error < PROMO_E_COUNT);
		check(op, promo_op_can_fail(op, (int)op->errors[i].error));
		for (size_t k = 0; k < i; k++)
			check(op, op->errors[k].error != op->errors[i].error);
	}
}

/* What a thing's id names can be gone. */
static void test_a_path_with_an_id_can_be_not_found(void **state)
{
	(void)state;
	EACH_OP(op)
	check(op, !strchr(op->path, '{') || promo_op_can_fail(op, PROMO_E_NOT_FOUND));
}

static void test_errors_that_follow_from_the_row(void **state)
{
	(void)state;
	EACH_OP(op)
	{
		check(op, promo_op_can_fail(op, PROMO_E_UNAUTHENTICATED) ==
				  (op->access != PROMO_ACCESS_PUBLIC));
		/* Of a job only its row tells which permission it needs; metrics are for addresses. */
		check(op, promo_op_can_fail(op, PROMO_E_FORBIDDEN) ==
				  (op->access == PROMO_ACCESS_PERMISSION ||
					  op == promo_op_find("job.cancel") ||
					  op == promo_op_find("api-key.create") ||
					  op == promo_op_find("server.metrics")));
		check(op, promo_op_can_fail(op, PROMO_E_UNSUPPORTED_MEDIA_TYPE) ==
				  promo_op_takes_body(op));
		check(op, promo_op_can_fail(op, PROMO_E_INTERNAL));
		check(op, !promo_op_can_fail(op, PROMO_OK));
	}
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names_and_routes_are_unique),
		TEST(test_names_are_noun_and_verb),
		TEST(test_access_is_declared),
		TEST(test_no_input_goes_without_a_permission),
		TEST(test_conditions_name_fields),
		TEST(test_what_is_public),
		TEST(test_methods_and_flags_agree),
		TEST(test_status_fits_the_shape),
		TEST(test_path_names_are_fields),
		TEST(test_tables_are_whole),
		TEST(test_fields_stand_where_the_method_lets_them),
		TEST(test_lists_take_a_page),
		TEST(test_errors_are_each_named_once),
		TEST(test_a_path_with_an_id_can_be_not_found),
		TEST(test_errors_that_follow_from_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
