/* SPDX-License-Identifier: MIT */
/* Every statement of sql/query fits the schema of sql/schema and the struct that its header names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/store/store.h"
#include "tests/lib/database.h"
#include "tests/lib/log.h"

static struct promo_store *open_store(const char *uri)
{
	const struct promo_store_config config = { .uri = uri };
	struct promo_store *store = NULL;

	assert_int_equal(promo_store_open(&config, &store), 0);
	return store;
}

static void test_every_statement_fits(void **state)
{
	const struct promo_test_database *database = *state;
	struct promo_store *store = open_store(database->app_uri);
	int r;

	promo_test_log_keep();
	r = promo_store_check(store);
	if (r)
		promo_test_log_show();
	assert_int_equal(r, 0);
	promo_store_close(store);
}

static void test_a_changed_table_is_seen(void **state)
{
	const struct promo_test_database *database = *state;
	struct promo_store *store = open_store(database->app_uri);

	promo_test_sql(database, "ALTER TABLE roles ALTER COLUMN version TYPE numeric");
	promo_test_log_keep();
	assert_true(promo_store_check(store) < 0);
	assert_true(promo_test_logged("has the wrong type for \"version\" of \"role\""));
	promo_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_statement_fits),
		cmocka_unit_test(test_a_changed_table_is_seen),
	};

	return cmocka_run_group_tests_name(
		"store/check", tests, promo_test_database_setup, promo_test_database_teardown);
}
