/* SPDX-License-Identifier: MIT */
/* Who is deleted is gone at once and leaves nothing personal behind, while what he did keeps pointing
 * at him; only those above him can do it. And whoever is locked out can be let in again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_api_key.h"
#include "tests/ops/till.h"

/* Every text column of every table where this text still stands. */
static const char *found_in(struct till *till, const char *text)
{
	return promo_test_sql(till->database,
		"SELECT coalesce(string_agg(DISTINCT t.table_name, ' '), '') FROM "
		"information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = "
		"'BASE TABLE' AND (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS "
		"c "
		"FROM %%I x WHERE x::text ILIKE ''%%%%%s%%%%''', t.table_name), false, true, "
		"'')))[1]"
		"::text <> '0'",
		text);
}

static void test_deleted(void **state)
{
	static const char login[] = "{\"identifier\":\"gone@example.com\",\"password\":\"tram lake "
				    "copper nine\"}";
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), admin = till_person(till, "admin");
	char id[37] = "", token[128] = "", key[128] = "";

	assert_int_equal(ASK(till, &promo_op_user_create, boss.token,
				 "{\"first_name\":\"Immaculee\",\"last_name\":\"Mukamana\","
				 "\"email\":\"gone@example.com\",\"phone_number\":\"0788765432\","
				 "\"password\":\"tram lake copper nine\",\"roles\":[\"support\"]}",
				 .key = "made-once"),
		201);
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "id"));
	assert_int_equal(ASK(till, &promo_op_auth_login, .body = login), 200);
	(void)snprintf(token, sizeof(token), "%s", till_get(till, "token"));
	assert_int_equal(ASK(till, &promo_op_api_key_create, token,
				 "{\"name\":\"k\",\"permissions\":[\"customers.read\"]}"),
		201);
	(void)snprintf(key, sizeof(key), "%s", till_get(till, "key"));
	assert_int_equal(ASK(till, &promo_op_customer_list, key), 200);
	(void)promo_test_sql(till->database,
		"INSERT INTO batches (id, batch_name, total_codes, amount_per_code, currency, "
		"expiration_date, expires_on, code_format, status, created_by, assigned_user_id) "
		"VALUES "
		"(gen_random_uuid(), 'BATCH_HIS', 0, 1, 'RWF', now() + interval '1 day', "
		"current_date + 1, 'XXXX-XXYY-XXMM-XXDD', 'active', '%s', '%s')",
		id, id);

	assert_int_equal(ASK(till, &promo_op_user_delete, admin.token, .id = id), 204);
	assert_int_equal(ASK(till, &promo_op_me_show, token), 401);
	assert_int_equal(ASK(till, &promo_op_customer_list, key), 401);
	assert_int_equal(ASK(till, &promo_op_auth_login, .body = login), 401);
	assert_problem(till, 404, "not_found", &promo_op_user_show, boss.token, .id = id);
	assert_problem(till, 404, "not_found", &promo_op_user_delete, boss.token, .id = id);
	assert_problem(till, 404, "not_found", &promo_op_user_update, boss.token,
		"{\"is_active\":true}", id, .if_match = "\"2\"");
	assert_int_equal(ASK(till, &promo_op_user_list, boss.token,
				 .query = { { "q", "Deleted" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "0");
	assert_string_equal(found_in(till, "gone@example.com"), "");
	assert_string_equal(found_in(till, "788765432"), "");
	assert_string_equal(found_in(till, "Mukamana"), "");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT assigned_user_id IS NULL AND created_by = '%s' FROM "
				    "batches WHERE batch_name = 'BATCH_HIS'",
				    id),
		"t");
	/* His address is free again. */
	assert_int_equal(ASK(till, &promo_op_user_create, boss.token,
				 "{\"first_name\":\"I\",\"last_name\":\"M\","
				 "\"email\":\"gone@example.com\",\"phone_number\":\"0788765432\"}"),
		201);
}

static void test_rank(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), admin = till_person(till, "admin");
	struct person other = till_person(till, "admin");

	assert_problem(till, 403, "forbidden", &promo_op_user_delete, admin.token, .id = boss.id);
	assert_problem(till, 403, "forbidden", &promo_op_user_delete, admin.token, .id = other.id);
	assert_problem(till, 403, "forbidden", &promo_op_user_delete, admin.token, .id = admin.id);
	assert_problem(till, 403, "forbidden", &promo_op_user_unlock, admin.token, .id = boss.id);
}

static void test_unlocked(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), clerk = till_person(till, "user");

	(void)promo_test_sql(till->database,
		"UPDATE users SET failed_login_attempts = 9, lockout_until = now() + interval "
		"'1 hour' WHERE id = '%s'",
		clerk.id);
	assert_int_equal(ASK(till, &promo_op_user_unlock, admin.token, .id = clerk.id), 200);
	assert_got(till, "lockout_until", "null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deleted),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_unlocked),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
