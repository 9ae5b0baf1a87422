/* SPDX-License-Identifier: MIT */
/* Proves that path, query and command line are taken in all the forms that are meant and refused in
 * all others, with every bad parameter named. */
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_system.h"
#include "libpromo/api/op_user.h"
#include "tests/api/decoding.h"

static void test_a_bad_id_in_the_path_is_not_found(void **state)
{
	struct bench *bench = *state;
	static const char *const ids[] = { "", "me", ID "0", "0190a1b2-c3d4-7abc-8def-0123456789aX",
		"\xff" };

	for (size_t i = 0; i < PROMO_COUNT(ids); i++) {
		const struct promo_pair pair = { "id", ids[i] };
		const struct promo_input input = { .path = &pair, .path_count = 1 };
		struct promo_id_in in;

		assert_int_equal(promo_decode_input(&promo_op_batch_show, &input, &env,
					 bench->arena, &bench->problem, &in),
			PROMO_E_NOT_FOUND);
		assert_int_equal(bench->problem.field_count, 0);
	}
}

static void test_an_id_is_lower_case(void **state)
{
	struct bench *bench = *state;
	const struct promo_pair pair = { "id", "0190A1B2-C3D4-7ABC-8DEF-0123456789AB" };
	const struct promo_input input = { .path = &pair, .path_count = 1 };
	struct promo_id_in in;

	assert_int_equal(promo_decode_input(&promo_op_batch_show, &input, &env, bench->arena,
				 &bench->problem, &in),
		0);
	assert_string_equal(in.id, ID);
}

static void test_takes_a_query(void **state)
{
	static const struct promo_pair pairs[] = { { "status", "active,blocked" }, { "count", "1" },
		{ "status", "expired" }, { "q", "a%_ b" }, { "limit", "1000" },
		{ "expires_before", "2027-01-01" } };
	struct promo_batch_list_in in;

	assert_int_equal(
		decode_query(*state, &promo_op_batch_list, pairs, PROMO_COUNT(pairs), &in), 0);
	assert_int_equal(in.status.count, 3);
	assert_string_equal(in.status.items[0], "active");
	assert_string_equal(in.status.items[2], "expired");
	assert_true(in.count);
	assert_int_equal(in.limit, 1000);
	assert_string_equal(in.q, "a%_ b");
	assert_string_equal(in.expires_before, "2027-01-01");
}

static void test_a_list_has_a_default_limit(void **state)
{
	struct promo_batch_list_in in;

	assert_int_equal(decode_query(*state, &promo_op_batch_list, NULL, 0, &in), 0);
	assert_int_equal(in.limit, PROMO_LIMIT_DEFAULT);
	assert_false(promo_present(promo_op_batch_list.in, &in, "limit"));
	assert_int_equal(in.status.count, 0);
	assert_false(in.count);
}

static void test_refuses_a_bad_query(void **state)
{
	static const struct promo_pair pairs[] = { { "limit", "0" }, { "limit", "5" },
		{ "count", "yes" }, { "status", "active,,none" }, { "sort/by", "name" },
		{ "q", "" }, { "expires_after", "today" }, { "assigned_user_id", "\xff\xfe" } };
	struct bench *bench = *state;
	struct promo_batch_list_in in;

	assert_int_equal(decode_query(bench, &promo_op_batch_list, pairs, PROMO_COUNT(pairs), &in),
		PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "?limit", "out_of_range"));
	assert_true(names(bench, "?limit", "repeated"));
	assert_true(names(bench, "?count", "wrong_type"));
	assert_true(names(bench, "?status", "invalid_value"));
	assert_true(names(bench, "?sort/by", "unknown_field"));
	assert_true(names(bench, "?q", "too_short"));
	assert_true(names(bench, "?expires_after", "invalid_date"));
	assert_true(names(bench, "?assigned_user_id", "invalid_value"));
	assert_int_equal(bench->problem.field_count, 8);
}

static void test_bounds_a_list_of_values(void **state)
{
	static const struct promo_pair pairs[] = { { "action",
		"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21" } };
	struct bench *bench = *state;
	struct promo_audit_list_in in;

	assert_int_equal(
		decode_query(bench, &promo_op_audit_list, pairs, 1, &in), PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "?action", "too_many"));
}

static void test_times_in_a_query(void **state)
{
	static const struct promo_pair pairs[] = { { "from", "2026-11-22T11:58:16.5+02:00" } };
	static const struct promo_pair bad[] = { { "from", "2026-11-22" } };
	struct bench *bench = *state;
	struct promo_audit_list_in in;

	assert_int_equal(decode_query(bench, &promo_op_audit_list, pairs, 1, &in), 0);
	assert_int_equal(in.from, 1795341496500);
	assert_int_equal(
		decode_query(bench, &promo_op_audit_list, bad, 1, &in), PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "?from", "invalid_time"));
}

static void test_text_of_a_command_line(void **state)
{
	struct bench *bench = *state;
	const struct promo_schema *schema = promo_op_user_create.in;
	struct promo_user_create_in in;

	promo_set_nulls(schema, &in);
	assert_int_equal(
		promo_decode_text(schema, promo_schema_field(schema, "roles"), "support,user",
			"--roles", &env, bench->arena, &bench->problem, &in),
		0);
	assert_int_equal(promo_decode_text(schema, promo_schema_field(schema, "roles"), "admin",
				 "--roles", &env, bench->arena, &bench->problem, &in),
		0);
	assert_int_equal(in.roles.count, 3);
	assert_string_equal(in.roles.items[2], "admin");
	assert_int_equal(promo_decode_text(schema, promo_schema_field(schema, "email"), "",
				 "--email", &env, bench->arena, &bench->problem, &in),
		0);
	assert_true(promo_given_null(schema, &in, "email"));
	assert_int_equal(promo_decode_text(schema, promo_schema_field(schema, "email"), "x",
				 "--email", &env, bench->arena, &bench->problem, &in),
		PROMO_E_INVALID_INPUT);
	assert_true(names(bench, "--email", "invalid_email"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_bad_id_in_the_path_is_not_found),
		TEST(test_an_id_is_lower_case),
		TEST(test_takes_a_query),
		TEST(test_a_list_has_a_default_limit),
		TEST(test_refuses_a_bad_query),
		TEST(test_bounds_a_list_of_values),
		TEST(test_times_in_a_query),
		TEST(test_text_of_a_command_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
