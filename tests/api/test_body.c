/* SPDX-License-Identifier: MIT */
/* Proves that a body is taken in all the forms that are meant, refused in all others, and that a
 * refusal names every bad field at once. */
#include <stdio.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_user.h"
#include "tests/api/decoding.h"

static void test_takes_a_redemption(void **state)
{
	struct promo_redemption_create_in in;

	assert_int_equal(
		decode(*state, &promo_op_redemption_create,
			"{\"code\":\" a1u2-c325 5x096e21\",\"phone_number\":\"0788 123 456\","
			"\"first_name\":\"  Aline\\u0301 \",\"last_name\":null,\"note\":\"\"}",
			&in),
		0);
	assert_string_equal(in.code, "A1U2C3255X096E21");
	assert_string_equal(in.phone_number, "+250788123456");
	assert_string_equal(in.first_name, "Alin\xc3\xa9");
	assert_null(in.last_name);
	assert_null(in.note);
	assert_true(promo_given_null(promo_op_redemption_create.in, &in, "last_name"));
	assert_true(promo_given_null(promo_op_redemption_create.in, &in, "note"));
	assert_false(promo_given_null(promo_op_redemption_create.in, &in, "first_name"));
	assert_true(promo_present(promo_op_redemption_create.in, &in, "first_name"));
}

static void test_reads_misread_letters(void **state)
{
	struct promo_code_verify_in in;

	assert_int_equal(
		decode(*state, &promo_op_code_verify, "{\"code\":\"AIU2-C325-5XO9-6EZ1\"}", &in),
		0);
	assert_string_equal(in.code, "A1U2C3255X096EZ1");
}

static void test_takes_a_batch(void **state)
{
	struct promo_batch_create_in in;

	assert_int_equal(decode(*state, &promo_op_batch_create,
				 "{\"batch_name\":\"summer\",\"total_codes\":0,"
				 "\"amount_per_code\":500,\"expiration_date\":\"2027-06-30\","
				 "\"description\":\"one\\r\\n\\ttwo\"}",
				 &in),
		0);
	assert_int_equal(in.total_codes, 0);
	assert_int_equal(in.amount_per_code, 50000);
	assert_string_equal(in.expiration_date, "2027-06-30");
	assert_string_equal(in.description, "one\n\ttwo");
	assert_null(in.currency);
	assert_false(promo_present(promo_op_batch_create.in, &in, "currency"));

	assert_int_equal(decode(*state, &promo_op_batch_create,
				 "{\"batch_name\":\"summer\",\"total_codes\":3,"
				 "\"amount_per_code\":\"0.5\","
				 "\"expiration_date\":\"2027-06-30T23:59:59+02:00\"}",
				 &in),
		0);
	assert_int_equal(in.amount_per_code, 50);
	assert_string_equal(in.expiration_date, "2027-06-30T21:59:59.000Z");
}

static void test_tells_absent_from_null(void **state)
{
	struct promo_user_update_in in;
	const struct promo_schema *schema = promo_op_user_update.in;

	assert_int_equal(decode(*state, &promo_op_user_update, "{\"email\":null}", &in), 0);
	assert_true(promo_present(schema, &in, "email"));
	assert_true(promo_given_null(schema, &in, "email"));
	assert_false(promo_present(schema, &in, "phone_number"));
	assert_false(promo_present(schema, &in, "is_active"));
	assert_string_equal(in.id, ID);
	assert_int_equal(decode(*state, &promo_op_user_update,
				 "{\"email\":\" Aline@Example.COM \",\"is_active\":false}", &in),
		0);
	assert_string_equal(in.email, "aline@example.com");
	assert_true(promo_present(schema, &in, "is_active"));
	assert_false(promo_given_null(schema, &in, "email"));
}

static void test_an_absent_number_is_null(void **state)
{
	struct promo_batch_create_in in;

	assert_int_equal(decode(*state, &promo_op_batch_create, "{}", &in), PROMO_E_INVALID_INPUT);
	assert_true(in.total_codes == PROMO_NULL_INT);
	assert_true(in.amount_per_code == PROMO_NULL_INT);
}

static void test_names_every_bad_field_at_once(void **state)
{
	struct bench *bench = *state;
	struct promo_batch_create_in in;

	assert_int_equal(decode(bench, &promo_op_batch_create,
				 "{\"batch_name\":7,\"total_codes\":1.0,\"currency\":\"RW\","
				 "\"expiration_date\":\"2027-02-30\",\"description\":[],"
				 "\"assigned_user_id\":\"me\",\"a/b~\":1,\"id\":\"x\"}",
				 &in),
		PROMO_E_INVALID_INPUT);
	assert_int_equal(bench->problem.error, PROMO_E_INVALID_INPUT);
	assert_int_equal(bench->problem.field_count, 9);
	assert_true(names(bench, "/batch_name", "wrong_type"));
	assert_true(names(bench, "/total_codes", "wrong_type"));
	assert_true(names(bench, "/amount_per_code", "required"));
	assert_true(names(bench, "/currency", "too_short"));
	assert_true(names(bench, "/expiration_date", "invalid_date"));
	assert_true(names(bench, "/description", "wrong_type"));
	assert_true(names(bench, "/assigned_user_id", "invalid_id"));
	assert_true(names(bench, "/a~1b~0", "unknown_field"));
	assert_true(names(bench, "/id", "unknown_field"));
}

/* One field made bad in a body that is good without it. */
static void test_refuses_bad_values(void **state)
{
	static const struct {
		const char *member, *pointer, *code;
	} cases[] = {
		{ "\"total_codes\":-1", "/total_codes", "out_of_range" },
		{ "\"total_codes\":2147483648", "/total_codes", "out_of_range" },
		{ "\"total_codes\":99999999999999999999", "/total_codes", "out_of_range" },
		{ "\"total_codes\":1e3", "/total_codes", "wrong_type" },
		{ "\"total_codes\":\"10\"", "/total_codes", "wrong_type" },
		{ "\"total_codes\":null", "/total_codes", "not_null" },
		{ "\"total_codes\":true", "/total_codes", "wrong_type" },
		{ "\"amount_per_code\":\"1e3\"", "/amount_per_code", "invalid_amount" },
		{ "\"amount_per_code\":\"-5\"", "/amount_per_code", "invalid_amount" },
		{ "\"amount_per_code\":-5", "/amount_per_code", "invalid_amount" },
		{ "\"amount_per_code\":\"10.001\"", "/amount_per_code", "invalid_amount" },
		{ "\"amount_per_code\":\"NaN\"", "/amount_per_code", "invalid_amount" },
		{ "\"amount_per_code\":\"\"", "/amount_per_code", "invalid_amount" },
		{ "\"amount_per_code\":10.5", "/amount_per_code", "wrong_type" },
		{ "\"amount_per_code\":0", "/amount_per_code", "out_of_range" },
		{ "\"amount_per_code\":\"1000000000000.00\"", "/amount_per_code", "out_of_range" },
		{ "\"expiration_date\":\"30.06.2027\"", "/expiration_date", "invalid_date" },
		{ "\"expiration_date\":\"\"", "/expiration_date", "invalid_date" },
		{ "\"batch_name\":\"  a  \"", "/batch_name", "too_short" },
		{ "\"batch_name\":\"a\\nb c\"", "/batch_name", "contains_control_characters" },
		{ "\"batch_name\":\"a\\u0000b\"", "/batch_name", "contains_control_characters" },
		{ "\"batch_name\":\"a\\u202eb c\"", "/batch_name", "contains_control_characters" },
		{ "\"description\":\"a\\u0007\"", "/description", "contains_control_characters" },
		{ "\"description\":\"a\\rb\"", "/description", "contains_control_characters" },
		{ "\"code_format\":\"XX\"", "/code_format", "too_short" },
		{ "\"nothing\":null", "/nothing", "unknown_field" },
		{ "\"Total_codes\":1", "/Total_codes", "unknown_field" },
	};
	static const char *const good[] = { "\"batch_name\":\"SUMMER\"", "\"total_codes\":1",
		"\"amount_per_code\":\"500.00\"", "\"expiration_date\":\"2027-06-30\"" };
	struct bench *bench = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_batch_create_in in;
		char body[400] = "{";
		const size_t name = strcspn(cases[i].member, ":");

		for (size_t k = 0; k < PROMO_COUNT(good); k++) {
			size_t used = strlen(body);

			if (strncmp(cases[i].member, good[k], name + 1) != 0)
				(void)snprintf(body + used, sizeof(body) - used, "%s,", good[k]);
		}
		(void)snprintf(
			body + strlen(body), sizeof(body) - strlen(body), "%s}", cases[i].member);
		assert_int_equal(
			decode(bench, &promo_op_batch_create, body, &in), PROMO_E_INVALID_INPUT);
		if (bench->problem.field_count != 1 ||
			!names(bench, cases[i].pointer, cases[i].code))
			fail_msg("%s: %zu errors, the first %s at %s", cases[i].member,
				bench->problem.field_count, bench->problem.fields[0].code,
				bench->problem.fields[0].pointer);
	}
}

static void test_refuses_bad_people(void **state)
{
	struct bench *bench = *state;
	struct promo_user_create_in in;
	char body[1200];

	assert_int_equal(decode(bench, &promo_op_user_create,
				 "{\"first_name\":\"\",\"last_name\":\"U\",\"email\":\"a@\","
				 "\"phone_number\":\"12\",\"roles\":[\"a\",7,\"\"]}",
				 &in),
		PROMO_E_INVALID_INPUT);
	assert_int_equal(bench->problem.field_count, 5);
	assert_true(names(bench, "/first_name", "too_short"));
	assert_true(names(bench, "/email", "invalid_email"));
	assert_true(names(bench, "/phone_number", "invalid_phone_number"));
	assert_true(names(bench, "/roles/1", "wrong_type"));
	assert_true(names(bench, "/roles/2", "too_short"));

	(void)snprintf(body, sizeof(body), "{\"first_name\":\"%0101d\",\"last_name\":\"U\"}", 0);
	assert_int_equal(decode(bench, &promo_op_user_create, body, &in), PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "/first_name", "too_long"));
	/* 100 characters are 200 bytes here: limits count characters. */
	(void)snprintf(body, sizeof(body), "{\"first_name\":\"%0100d\",\"last_name\":\"U\"}", 0);
	assert_int_equal(decode(bench, &promo_op_user_create, body, &in), 0);
	assert_int_equal(
		decode(bench, &promo_op_user_create,
			"{\"first_name\":\"A\",\"last_name\":\"U\",\"roles\":["
			"\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\","
			"\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\"]}",
			&in),
		PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "/roles", "too_many"));
}

static void test_a_password_stays_as_typed(void **state)
{
	struct promo_user_create_in in;

	assert_int_equal(decode(*state, &promo_op_user_create,
				 "{\"first_name\":\"A\",\"last_name\":\"U\",\"password\":\"  "
				 "e\\u0301\\t \"}",
				 &in),
		0);
	assert_string_equal(in.password, "  e\xcc\x81\t ");
}

static void test_names_the_words_of_an_enum(void **state)
{
	struct bench *bench = *state;
	struct promo_fraud_report_create_in in;

	assert_int_equal(decode(bench, &promo_op_fraud_report_create,
				 "{\"code\":\"A1U2C3255X096E21\",\"phone_number\":\"0788123456\","
				 "\"type\":\"theft\"}",
				 &in),
		PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "/type", "invalid_value"));
	assert_non_null(strstr(bench->problem.fields[0].message, "suspicious_activity"));
}

static void test_refuses_what_is_no_object(void **state)
{
	static const char *const bodies[] = { "[]", "7", "\"x\"", "null", "{", "{}}", "{}{}",
		"{\"code\":1,\"code\":2}", "{'code':1}", "{\"code\":NaN}", "{\"code\":\"\xff\"}",
		"{\"a\\u0000b\":1}", "\xef\xbb\xbf{}", "{\"code\":\"\\ud800\"}" };
	struct promo_code_verify_in in;
	struct bench *bench = *state;

	for (size_t i = 0; i < PROMO_COUNT(bodies); i++) {
		assert_int_equal(decode(bench, &promo_op_code_verify, bodies[i], &in),
			PROMO_E_MALFORMED_REQUEST);
		assert_non_null(bench->problem.detail);
	}
}

static void test_refuses_depth(void **state)
{
	struct promo_code_verify_in in;
	struct bench *bench = *state;
	static char body[200 * 1024];

	memset(body, '[', sizeof(body) - 1);
	memcpy(body, "{\"a\":", 5);
	assert_int_equal(
		decode(bench, &promo_op_code_verify, body, &in), PROMO_E_MALFORMED_REQUEST);
	/* Brackets in a text are text. */
	assert_int_equal(
		decode(bench, &promo_op_code_verify,
			"{\"code\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", &in),
		PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "/code", "code_malformed"));
}

static void test_no_body_is_an_empty_object(void **state)
{
	struct promo_code_verify_in in;
	struct bench *bench = *state;

	assert_int_equal(decode(bench, &promo_op_code_verify, NULL, &in), PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "/code", "required"));
	assert_int_equal(decode(bench, &promo_op_code_verify, " \r\n", &in), PROMO_E_INVALID_INPUT);
	assert_int_equal(decode(bench, &promo_op_auth_logout, NULL, NULL), 0);
	assert_int_equal(decode(bench, &promo_op_auth_logout, "{}", NULL), 0);
	assert_int_equal(
		decode(bench, &promo_op_auth_logout, "{\"x\":1}", NULL), PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "/x", "unknown_field"));
}

static void test_a_long_name_is_cut(void **state)
{
	struct bench *bench = *state;
	char *body = promo_arena_alloc(bench->arena, 100 * 1024);

	memset(body, '~', 100 * 1024 - 1);
	memcpy(body, "{\"", 2);
	memcpy(body + 100 * 1024 - 6, "\":1}", 5);
	assert_int_equal(decode(bench, &promo_op_auth_logout, body, NULL), PROMO_E_INVALID_INPUT);
	assert_in_range(strlen(bench->problem.fields[0].pointer), 50, 200);
}

static void test_names_at_most_so_many(void **state)
{
	struct bench *bench = *state;
	char body[4000] = "{\"a\":1";

	for (int i = 0; i < 200; i++)
		(void)snprintf(body + strlen(body), sizeof(body) - strlen(body), ",\"a%d\":1", i);
	(void)snprintf(body + strlen(body), sizeof(body) - strlen(body), "}");
	assert_int_equal(decode(bench, &promo_op_auth_logout, body, NULL), PROMO_E_INVALID_INPUT);
	assert_int_equal(bench->problem.field_count, PROMO_FIELD_ERRORS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_takes_a_redemption),
		TEST(test_reads_misread_letters),
		TEST(test_takes_a_batch),
		TEST(test_tells_absent_from_null),
		TEST(test_an_absent_number_is_null),
		TEST(test_names_every_bad_field_at_once),
		TEST(test_refuses_bad_values),
		TEST(test_refuses_bad_people),
		TEST(test_a_password_stays_as_typed),
		TEST(test_names_the_words_of_an_enum),
		TEST(test_refuses_what_is_no_object),
		TEST(test_refuses_depth),
		TEST(test_no_body_is_an_empty_object),
		TEST(test_a_long_name_is_cut),
		TEST(test_names_at_most_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
