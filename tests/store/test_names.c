/* SPDX-License-Identifier: MIT */
/* What stands both in C and in the schema is the same in both: words of enums, names of constraints,
 * permissions. And what the schema alone has to keep: no deletion looks through a whole table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/model/permission.h"
#include "libpromo/model/words.h"
#include "libpromo/store/constraints.h"
#include "tests/lib/database.h"

/* The lists of words stand in C and as CHECK constraints; a word more in one of them is a mistake. */
static void test_words(void **state)
{
	static const struct {
		const struct promo_words *words;
		const char *constraint;
		int only_effective; /* words that are never stored */
	} lists[] = {
		{ &promo_code_status_words, "promo_codes_status_check", 1 },
		{ &promo_batch_status_words, "batches_status_check", 0 },
		{ &promo_redemption_status_words, "redemptions_status_check", 0 },
		{ &promo_fraud_type_words, "fraud_reports_type_check", 0 },
		{ &promo_fraud_status_words, "fraud_reports_status_check", 0 },
		{ &promo_priority_words, "fraud_reports_priority_check", 0 },
		{ &promo_job_kind_words, "jobs_kind_check", 0 },
		{ &promo_job_status_words, "jobs_status_check", 0 },
		{ &promo_actor_kind_words, "audit_log_actor_kind_check", 0 },
		{ &promo_outcome_words, "audit_log_outcome_check", 0 },
		{ &promo_role_change_kind_words, "role_changes_kind_check", 0 },
		{ &promo_approval_words, "role_changes_status_check", 0 },
	};
	const struct promo_test_database *database = *state;

	for (size_t i = 0; i < PROMO_COUNT(lists); i++) {
		int stored = lists[i].words->count - 1 - lists[i].only_effective, missing = 0;

		for (int value = 1; value < lists[i].words->count; value++)
			missing +=
				strcmp(promo_test_sql(database,
					       "SELECT pg_get_constraintdef(oid) LIKE '%%''%s''%%'"
					       " FROM pg_constraint WHERE conname = '%s' AND "
					       "coninhcount = 0",
					       promo_word(lists[i].words, value),
					       lists[i].constraint),
					"t") != 0;
		assert_int_equal(missing, lists[i].only_effective);
		assert_int_equal(
			strtol(promo_test_sql(database,
				       "SELECT count(*) FROM pg_constraint, regexp_matches("
				       "pg_get_constraintdef(oid), '''[a-z_]+''', 'g')"
				       " WHERE conname = '%s' AND coninhcount = 0",
				       lists[i].constraint),
				NULL, 10),
			stored);
	}
}

/* A constraint that PostgreSQL named itself would be renamed by an edit that nobody notices. */
static void test_constraints_exist(void **state)
{
	const struct promo_test_database *database = *state;

	for (const struct promo_constraint *c = promo_constraints; c->name; c++)
		assert_string_equal(
			promo_test_sql(database,
				"SELECT count(*) FROM (SELECT conname AS name FROM"
				" pg_constraint UNION SELECT relname FROM pg_class"
				" JOIN pg_index ON indexrelid = pg_class.oid AND indisunique)"
				" n WHERE name = '%s'",
				c->name),
			"1");
}

/* Who deletes a row asks every table that refers to it, once a row: a cancelled job deletes 50,000
 * at once. A partial index is of no use to that question. */
static void test_deletions_use_an_index(void **state)
{
	const struct promo_test_database *database = *state;

	assert_string_equal(
		promo_test_sql(database,
			"SELECT string_agg(conname, ' ') FROM pg_constraint c WHERE contype = 'f'"
			" AND confrelid IN ('promo_codes'::regclass, 'batches'::regclass)"
			" AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid"
			" AND i.indkey[0] = c.conkey[1] AND i.indpred IS NULL)"),
		"");
}

static void test_permissions_are_ours(void **state)
{
	const struct promo_test_database *database = *state;

	assert_int_equal(
		strtol(promo_test_sql(database, "SELECT count(*) FROM permissions"), NULL, 10),
		PROMO_P_COUNT - 1);
	for (int i = 1; i < PROMO_P_COUNT; i++)
		assert_string_equal(promo_test_sql(database,
					    "SELECT description FROM permissions WHERE key = '%s'",
					    promo_permission_key((enum promo_permission)i)),
			promo_permission_text((enum promo_permission)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_constraints_exist),
		cmocka_unit_test(test_deletions_use_an_index),
		cmocka_unit_test(test_permissions_are_ours),
	};

	return cmocka_run_group_tests_name(
		"store/names", tests, promo_test_database_setup, promo_test_database_teardown);
}
