/* SPDX-License-Identifier: MIT */
/* Proves how structs stand as JSON: every kind, every null, lists, problems, canonical inputs and
 * changes; and that a client reads back what the server wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_user.h"
#include "libpromo/model/ref.h"

static int set_up(void **state)
{
	*state = promo_arena_new(16 * 1024 * 1024);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	promo_arena_free(*state);
	return 0;
}

static const char *encoded(
	struct promo_arena *arena, const struct promo_schema *schema, const void *object)
{
	const char *json;

	assert_int_equal(promo_encode(schema, object, arena, &json), 0);
	return json;
}

static void test_a_verification(void **state)
{
	const struct promo_verified_batch batch = { "b", "BATCH_X", PROMO_BATCH_ACTIVE };
	const struct promo_verification verification = {
		.code_id = "c",
		.code = "A1U2C3255X096E21",
		.status = PROMO_CODE_ACTIVE,
		.amount = 50000,
		.currency = "RWF",
		.batch = &batch,
		.expires_at = 1795341496500,
		.redeemable = true,
	};

	assert_string_equal(encoded(*state, &promo_verification_schema, &verification),
		"{\"code_id\":\"c\",\"code\":\"A1U2-C325-5X09-6E21\",\"status\":\"active\","
		"\"amount\":\"500.00\",\"currency\":\"RWF\",\"batch\":{\"id\":\"b\","
		"\"batch_name\":\"BATCH_X\",\"status\":\"active\"},"
		"\"expires_at\":\"2026-11-22T09:58:16.500Z\",\"redeemable\":true,\"reason\":null,"
		"\"redemption\":null,\"fraud_report\":null}");
}

static void test_flags_of_fields(void **state)
{
	const struct promo_redemption redemption = { .request_hash = "x", .note = "\"<\n\xc3\xa9" };
	const struct promo_job job = { .batch_id = NULL,
		.rate = PROMO_NULL_INT,
		.eta_seconds = PROMO_NULL_INT,
		.result = "{\"b\": [1, 2.5, null], \"a\": \"\"}" };
	const struct promo_job with_batch = { .batch_id = "b" };

	assert_null(strstr(encoded(*state, &promo_redemption_schema, &redemption), "request_hash"));
	assert_non_null(strstr(encoded(*state, &promo_redemption_schema, &redemption),
		"\"note\":\"\\\"<\\n\xc3\xa9\""));
	assert_null(strstr(encoded(*state, &promo_job_schema, &job), "batch_id"));
	assert_non_null(
		strstr(encoded(*state, &promo_job_schema, &with_batch), "\"batch_id\":\"b\""));
	assert_non_null(strstr(encoded(*state, &promo_job_schema, &job),
		"\"result\":{\"b\":[1,2.5,null],\"a\":\"\"}"));
	assert_non_null(strstr(
		encoded(*state, &promo_job_schema, &job), "\"rate\":null,\"eta_seconds\":null"));
}

/* RFC 8259, 7: what must be escaped is, and nothing else. */
static void test_texts(void **state)
{
	const struct promo_ref odd = { "\" \\ / \b\f\n\r\t\x01\x1f\x7f",
		"\xc3\xa9\xf0\x9f\x8e\x81" };
	const struct promo_ref broken = { "u", "\xc3(" };
	struct promo_ref back;
	const char *json;

	json = encoded(*state, &promo_ref_schema, &odd);
	assert_string_equal(json, "{\"id\":\"\\\" \\\\ / \\b\\f\\n\\r\\t\\u0001\\u001F\x7f\","
				  "\"name\":\"\xc3\xa9\xf0\x9f\x8e\x81\"}");
	assert_int_equal(promo_decode_output(&promo_ref_schema, json, *state, &back), 0);
	assert_string_equal(back.id, odd.id);
	assert_string_equal(back.name, odd.name);
	assert_true(promo_encode(&promo_ref_schema, &broken, *state, &json) < 0);
}

static void test_a_fault_where_json_is_none(void **state)
{
	const struct promo_job job = { .result = "{" };
	const struct promo_job bytes = { .id = "\xff" };
	const char *json;

	assert_true(promo_encode(&promo_job_schema, &job, *state, &json) < 0);
	assert_true(promo_encode(&promo_job_schema, &bytes, *state, &json) < 0);
}

static void test_lists(void **state)
{
	static const struct promo_op refs = { .out = &promo_ref_schema };
	static const struct promo_ref items[] = { { "1", "a" }, { "2", "b" } };
	const struct promo_list full = { items, 2, "next", 7, NULL };
	const struct promo_list empty = { .total = PROMO_NULL_INT };
	const struct promo_list uncounted = { .total = PROMO_TOTAL_UNCOUNTED };
	const char *json;
	struct promo_list back;

	assert_int_equal(promo_encode_list(&refs, &empty, *state, &json), 0);
	assert_string_equal(json, "{\"items\":[],\"next_cursor\":null}");
	assert_int_equal(promo_decode_list(&refs, json, *state, &back), 0);
	assert_int_equal(back.count, 0);
	assert_true(back.total == PROMO_NULL_INT);
	assert_null(back.next_cursor);

	assert_int_equal(promo_encode_list(&refs, &uncounted, *state, &json), 0);
	assert_string_equal(json, "{\"items\":[],\"next_cursor\":null,\"total\":null}");
	assert_int_equal(promo_decode_list(&refs, json, *state, &back), 0);
	assert_true(back.total == PROMO_TOTAL_UNCOUNTED);

	assert_int_equal(promo_encode_list(&refs, &full, *state, &json), 0);
	assert_string_equal(json,
		"{\"items\":[{\"id\":\"1\",\"name\":\"a\"},"
		"{\"id\":\"2\",\"name\":\"b\"}],\"next_cursor\":\"next\",\"total\":7}");
	assert_int_equal(promo_decode_list(&refs, json, *state, &back), 0);
	assert_int_equal(back.count, 2);
	assert_int_equal(back.total, 7);
	assert_string_equal(back.next_cursor, "next");
	assert_string_equal(((const struct promo_ref *)back.items)[1].name, "b");
}

static void test_totals_stand_beside_the_items(void **state)
{
	static const struct promo_op refs = { .out = &promo_ref_schema,
		.totals = &promo_redemption_totals_schema };
	static const struct promo_sum sums[] = { { "RWF", 50000 }, { "USD", 125 } };
	const struct promo_redemption_totals totals = { 3, { sums, 2 } }, *read;
	const struct promo_list list = { .total = PROMO_NULL_INT, .totals = &totals };
	const char *json;
	struct promo_list back;

	assert_int_equal(promo_encode_list(&refs, &list, *state, &json), 0);
	assert_string_equal(json, "{\"items\":[],\"next_cursor\":null,\"totals\":{\"count\":3,"
				  "\"amount\":[{\"currency\":\"RWF\",\"amount\":\"500.00\"},"
				  "{\"currency\":\"USD\",\"amount\":\"1.25\"}]}}");
	assert_int_equal(promo_decode_list(&refs, json, *state, &back), 0);
	read = back.totals;
	assert_int_equal(read->count, 3);
	assert_int_equal(read->amount.count, 2);
	assert_int_equal(((const struct promo_sum *)read->amount.items)[1].amount, 125);
	assert_int_equal(
		promo_decode_list(&refs, "{\"items\":[]}", *state, &back), PROMO_E_UNAVAILABLE);
}

static void test_a_client_reads_what_was_written(void **state)
{
	static const struct promo_ref roles[] = { { "r", "support" } };
	static const char *const permissions[] = { "a.b", "c.d" };
	const struct promo_user user = {
		.id = "u",
		.first_name = "Aline",
		.is_active = true,
		.roles = { roles, 1 },
		.permissions = { permissions, 2 },
		.created_at = 1795341496500,
		.version = 3,
	};
	struct promo_user back;
	const char *json = encoded(*state, &promo_user_schema, &user);

	assert_int_equal(promo_decode_output(&promo_user_schema, json, *state, &back), 0);
	assert_string_equal(back.first_name, "Aline");
	assert_null(back.email);
	assert_true(back.is_active);
	assert_int_equal(back.created_at, user.created_at);
	assert_int_equal(back.version, 3);
	assert_int_equal(back.roles.count, 1);
	assert_string_equal(((const struct promo_ref *)back.roles.items)->name, "support");
	assert_string_equal(back.permissions.items[1], "c.d");
	assert_string_equal(encoded(*state, &promo_user_schema, &back), json);
}

/* A list that was looked up and is empty says so; one that nobody looked up is not there. */
static void test_empty_and_missing_lists(void **state)
{
	static const char *const none[1];
	const struct promo_user looked_up = { .id = "u", .permissions = { none, 0 } };
	const struct promo_user listed = { .id = "u" };
	struct promo_user back;
	const char *json = encoded(*state, &promo_user_schema, &looked_up);

	assert_non_null(strstr(json, "\"permissions\":[]"));
	assert_int_equal(promo_decode_output(&promo_user_schema, json, *state, &back), 0);
	assert_string_equal(encoded(*state, &promo_user_schema, &back), json);
	json = encoded(*state, &promo_user_schema, &listed);
	assert_null(strstr(json, "permissions"));
	assert_int_equal(promo_decode_output(&promo_user_schema, json, *state, &back), 0);
	assert_string_equal(encoded(*state, &promo_user_schema, &back), json);
}

static void test_a_newer_server_may_say_more(void **state)
{
	struct promo_batch batch;

	assert_int_equal(promo_decode_output(&promo_batch_schema,
				 "{\"id\":\"b\",\"status\":\"frozen\",\"colour\":{\"x\":[]},"
				 "\"assigned_user\":{\"id\":\"u\",\"name\":\"A\",\"age\":7}}",
				 *state, &batch),
		0);
	assert_int_equal(batch.status, 0);
	assert_string_equal(batch.assigned_user->name, "A");
	assert_true(batch.total_codes == PROMO_NULL_INT);
}

static void test_what_is_no_answer_of_ours(void **state)
{
	static const char *const texts[] = { "", "<html>", "[]", "{\"id\":7}", "{\"counts\":[]}",
		"{\"total_codes\":\"1\"}", "{\"amount_per_code\":\"x\"}",
		"{\"created_at\":\"today\"}", "{\"created_at\":5.5}", "{\"id\":\"b\"" };
	struct promo_batch batch;
	struct promo_list list;

	for (size_t i = 0; i < PROMO_COUNT(texts); i++)
		assert_int_equal(promo_decode_output(&promo_batch_schema, texts[i], *state, &batch),
			PROMO_E_UNAVAILABLE);
	assert_int_equal(promo_decode_list(&promo_op_batch_list, "{\"items\":{}}", *state, &list),
		PROMO_E_UNAVAILABLE);
	assert_int_equal(promo_decode_list(&promo_op_batch_list, "{\"items\":[7]}", *state, &list),
		PROMO_E_UNAVAILABLE);
}

static const char *problem_text(
	struct promo_arena *arena, const struct promo_problem *problem, const struct promo_op *op)
{
	const char *json;

	assert_int_equal(promo_encode_problem(problem, op, "r1", arena, &json), 0);
	return json;
}

static void test_problems(void **state)
{
	const struct promo_ref clerk = { "u", "Aline" };
	const struct promo_redeemed_member members = {
		.redeemed_at = 1795341496500, .phone_number = "+250788123456", .redeemed_by = &clerk
	};
	const struct promo_problem redeemed = {
		.error = PROMO_E_CODE_ALREADY_REDEEMED,
		.member_schema = &promo_redeemed_member_schema,
		.members = &members,
	};
	struct promo_problem back;
	const char *json = problem_text(*state, &redeemed, &promo_op_redemption_create);

	assert_string_equal(json,
		"{\"type\":\"urn:promo:error:code_already_redeemed\","
		"\"title\":\"the code was already redeemed\",\"status\":409,"
		"\"detail\":\"the code was already redeemed\",\"code\":\"code_already_redeemed\","
		"\"request_id\":\"r1\",\"redeemed_at\":\"2026-11-22T09:58:16.500Z\","
		"\"phone_number\":\"+250788123456\","
		"\"redeemed_by\":{\"id\":\"u\",\"name\":\"Aline\"}}");
	assert_int_equal(
		promo_decode_problem(json, &promo_op_redemption_create, 409, *state, &back), 0);
	assert_int_equal(back.error, PROMO_E_CODE_ALREADY_REDEEMED);
	assert_ptr_equal(back.member_schema, &promo_redeemed_member_schema);
	assert_string_equal(
		((const struct promo_redeemed_member *)back.members)->redeemed_by->name, "Aline");
	/* Another operation does not promise these members. */
	assert_null(strstr(problem_text(*state, &redeemed, &promo_op_code_verify), "phone_number"));
	assert_null(strstr(problem_text(*state, &redeemed, NULL), "phone_number"));
}

static void test_a_problem_with_bad_fields(void **state)
{
	struct promo_problem problem = { 0 }, back;
	const char *json;

	assert_int_equal(promo_refuse_field(&problem, *state, "/a", "required", "is required"),
		PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_refuse_field(&problem, *state, "?q", "too_long", "takes %d", 7),
		PROMO_E_INVALID_INPUT);
	json = problem_text(*state, &problem, NULL);
	assert_non_null(strstr(json,
		"\"errors\":[{\"pointer\":\"/a\",\"code\":\"required\",\"message\":\"is "
		"required\"},"
		"{\"pointer\":\"?q\",\"code\":\"too_long\",\"message\":\"takes 7\"}]"));
	assert_int_equal(promo_decode_problem(json, NULL, 422, *state, &back), 0);
	assert_int_equal(back.error, PROMO_E_INVALID_INPUT);
	assert_int_equal(back.field_count, 2);
	assert_string_equal(back.fields[1].pointer, "?q");
}

static void test_a_fault_tells_nothing(void **state)
{
	const struct promo_problem problem = { .error = -5, .detail = "password=secret" };
	const char *json = problem_text(*state, &problem, NULL);

	assert_null(strstr(json, "secret"));
	assert_non_null(strstr(json, "\"status\":500"));
	assert_non_null(strstr(json, "\"code\":\"internal\""));
}

static void test_problems_of_others(void **state)
{
	static const struct {
		const char *json;
		int status, error;
	} cases[] = {
		{ NULL, 404, PROMO_E_NOT_FOUND },
		{ "<html>", 502, PROMO_E_UNAVAILABLE },
		{ "[]", 500, PROMO_E_INTERNAL },
		{ "{\"code\":\"of_tomorrow\",\"detail\":\"d\"}", 409, PROMO_E_VERSION_MISMATCH },
		{ "{\"code\":7,\"errors\":[7,{\"pointer\":1}]}", 422, PROMO_E_INVALID_INPUT },
		{ "", 418, PROMO_E_MALFORMED_REQUEST },
		{ "{\"code\":\"ok\"}", 403, PROMO_E_FORBIDDEN },
	};

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_problem problem;

		assert_int_equal(promo_decode_problem(cases[i].json, &promo_op_batch_show,
					 cases[i].status, *state, &problem),
			0);
		assert_int_equal(problem.error, cases[i].error);
		assert_int_equal(promo_is_problem(cases[i].json),
			cases[i].json && strstr(cases[i].json, "code\":\""));
	}
}

static const char *canonical(struct promo_arena *arena, const struct promo_op *op, const char *body)
{
	static const struct promo_decode_env env = { .country_code = "250" };
	const struct promo_input input = { .body = body, .body_size = strlen(body) };
	struct promo_problem problem = { 0 };
	const char *text;
	void *in = promo_arena_alloc(arena, op->in->size);

	assert_int_equal(promo_decode_input(op, &input, &env, arena, &problem, in), 0);
	assert_int_equal(promo_encode_canonical(op, in, arena, &text), 0);
	return text;
}

static void test_equal_inputs_are_equal(void **state)
{
	const struct promo_op *op = &promo_op_redemption_create;
	const char *one = canonical(*state, op,
		"{\"code\":\"a1u2c3255x096e21\",\"phone_number\":\"0788123456\",\"note\":\" x \"}");

	assert_string_equal(one,
		"redemption.create {\"code\":\"A1U2-C325-5X09-6E21\",\"note\":\"x\","
		"\"phone_number\":\"+250788123456\"}");
	assert_string_equal(one, canonical(*state, op,
					 "{\"note\":\"x\",\"phone_number\":\"+250 788 123 456\","
					 "\"code\":\"AIU2-C325-5XO9-6E21\"}"));
	assert_string_not_equal(one, canonical(*state, op,
					     "{\"note\":null,\"phone_number\":\"0788123456\","
					     "\"code\":\"A1U2C3255X096E21\"}"));
	assert_string_not_equal(canonical(*state, op,
					"{\"note\":null,\"phone_number\":\"0788123456\",\"code\":"
					"\"A1U2C3255X096E21\"}"),
		canonical(*state, op,
			"{\"phone_number\":\"0788123456\",\"code\":\"A1U2C3255X096E21\"}"));
}

/* Its hash is kept beside redemptions for ever: the text of an input must never change. */
static void test_canonical_text(void **state)
{
	assert_string_equal(
		canonical(*state, &promo_op_redemption_create,
			"{\"phone_number\":\"0788123456\",\"code\":\"a1u2-c325-5x09-6e21\","
			"\"note\":\"\\\"\u00e9\",\"first_name\":null}"),
		"redemption.create {\"code\":\"A1U2-C325-5X09-6E21\",\"first_name\":null,"
		"\"note\":\"\\\"\u00e9\",\"phone_number\":\"+250788123456\"}");
}

static void test_inputs_of_a_client(void **state)
{
	static const char *const statuses[] = { "active", "blocked" };
	const struct promo_batch_list_in list = {
		.limit = 5, .q = "a&b/\xc3\xa9", .count = true, .status = { statuses, 2 }
	};
	const struct promo_user_role_in revoke = { .id = "u1", .role = "batch manager/x" };
	struct promo_batch_create_in create = {
		.batch_name = "X", .amount_per_code = 50000, .expiration_date = "2027-06-30"
	};
	const char *address, *body;

	assert_int_equal(
		promo_encode_input(&promo_op_batch_list, &list, *state, &address, &body), 0);
	assert_string_equal(address, "/api/v1/batches?limit=5&count=true&q=a%26b%2F%C3%A9&"
				     "status=active&status=blocked");
	assert_null(body);
	assert_int_equal(
		promo_encode_input(&promo_op_user_revoke_role, &revoke, *state, &address, &body),
		0);
	assert_string_equal(address, "/api/v1/users/u1/roles/batch%20manager%2Fx");
	assert_null(body);
	assert_int_equal(
		promo_encode_input(&promo_op_batch_create, &create, *state, &address, &body), 0);
	assert_string_equal(address, "/api/v1/batches");
	assert_string_equal(body, "{\"batch_name\":\"X\",\"amount_per_code\":\"500.00\","
				  "\"expiration_date\":\"2027-06-30\"}");
	/* Bits say what values cannot: 0, false and null that are meant. */
	create.set.present = 1 << 1 | 1 << 5;
	create.set.null = 1 << 5;
	assert_int_equal(
		promo_encode_input(&promo_op_batch_create, &create, *state, &address, &body), 0);
	assert_string_equal(body, "{\"batch_name\":\"X\",\"total_codes\":0,"
				  "\"amount_per_code\":\"500.00\","
				  "\"expiration_date\":\"2027-06-30\",\"description\":null}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_verification),
		TEST(test_flags_of_fields),
		TEST(test_texts),
		TEST(test_a_fault_where_json_is_none),
		TEST(test_lists),
		TEST(test_totals_stand_beside_the_items),
		TEST(test_a_client_reads_what_was_written),
		TEST(test_empty_and_missing_lists),
		TEST(test_a_newer_server_may_say_more),
		TEST(test_what_is_no_answer_of_ours),
		TEST(test_problems),
		TEST(test_a_problem_with_bad_fields),
		TEST(test_a_fault_tells_nothing),
		TEST(test_problems_of_others),
		TEST(test_equal_inputs_are_equal),
		TEST(test_canonical_text),
		TEST(test_inputs_of_a_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
