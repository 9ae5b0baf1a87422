/* SPDX-License-Identifier: MIT */
/* Proves how each kind of value stands in a table for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/model/audit.h"
#include "libpromo/model/batch.h"
#include "libpromo/model/code.h"

static int set_up(void **state)
{
	*state = promo_arena_new(1024 * 1024);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	promo_arena_free(*state);
	return 0;
}

static void assert_shown(struct promo_arena *arena, const struct promo_schema *schema,
	const void *object, const char *name, const char *expected)
{
	const char *text;

	assert_int_equal(
		promo_format_field(promo_schema_field(schema, name), object, arena, &text), 0);
	assert_string_equal(text, expected);
}

static void test_scalars(void **state)
{
	const struct promo_ref user = { .id = "u", .name = "Aline Uwase" };
	const struct promo_batch batch = {
		.batch_name = "BATCH_X",
		.total_codes = 1000000,
		.amount_per_code = 123450000,
		.expiration_date = "2027-06-30",
		.expires_at = 1795341496500,
		.status = PROMO_BATCH_ACTIVE,
		.assigned_user = &user,
	};
	const struct promo_schema *schema = &promo_batch_schema;

	assert_shown(*state, schema, &batch, "batch_name", "BATCH_X");
	assert_shown(*state, schema, &batch, "total_codes", "1000000");
	assert_shown(*state, schema, &batch, "amount_per_code", "1,234,500.00");
	assert_shown(*state, schema, &batch, "expiration_date", "2027-06-30");
	assert_shown(*state, schema, &batch, "expires_at", "2026-11-22 09:58");
	assert_shown(*state, schema, &batch, "status", "active");
	assert_shown(*state, schema, &batch, "assigned_user", "Aline Uwase");
	assert_shown(*state, schema, &batch, "description", "");
	assert_shown(*state, schema, &batch, "created_by", "");
}

static void test_nothing(void **state)
{
	struct promo_job job;

	promo_set_nulls(&promo_job_schema, &job);
	for (size_t i = 0; i < promo_job_schema.count; i++)
		assert_shown(*state, &promo_job_schema, &job, promo_job_schema.fields[i].name, "");
}

static void test_objects(void **state)
{
	const struct promo_sum sums[] = { { "RWF", 50000 }, { "USD", 100 } };
	const struct promo_customer customer = { .redeemed_amount = { sums, 2 } };
	const struct promo_customer_ref who = {
		.id = "c", .first_name = "Aline", .phone_number = "+250788123456"
	};
	const struct promo_redemption redemption = { .customer = &who, .code = "A1U2C3255X096E21" };
	const struct promo_audit_actor nobody = { .kind = PROMO_ACTOR_ANONYMOUS };
	const struct promo_audit_entry entry = { .actor = &nobody };
	const char *const names[] = { "batches.read", "audit.read" };
	const struct promo_user user = { .permissions = { names, 2 }, .is_active = true };

	assert_shown(*state, &promo_customer_schema, &customer, "redeemed_amount",
		"RWF 500.00, USD 1.00");
	assert_shown(
		*state, &promo_redemption_schema, &redemption, "customer", "Aline +250788123456");
	assert_shown(*state, &promo_redemption_schema, &redemption, "code", "A1U2-C325-5X09-6E21");
	assert_shown(*state, &promo_audit_entry_schema, &entry, "actor", "anonymous");
	assert_shown(*state, &promo_user_schema, &user, "permissions", "batches.read, audit.read");
	assert_shown(*state, &promo_user_schema, &user, "is_active", "yes");
	assert_shown(*state, &promo_user_schema, &user, "mfa_enabled", "no");
}

static void test_a_secret_is_not_shown(void **state)
{
	const struct promo_login_answer answer = { .token = "pmo_s_x" };

	assert_shown(*state, promo_op_auth_login.out, &answer, "token", "***");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_scalars, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_objects, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_secret_is_not_shown, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
