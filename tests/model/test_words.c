/* SPDX-License-Identifier: MIT */
/*
 * The closed lists of words in C and in the CHECK constraints under sql/schema are the same, in the
 * same order; and each table has exactly the words of its enum.
 */
#include "libpromo/model/words.h"

#include "tests/lib/source.h"
#include "tests/lib/test.h"

static const char *root;

#define ACCESS    "sql/schema/0001_access.sql"
#define CODES     "sql/schema/0002_codes.sql"
#define OPERATION "sql/schema/0003_operation.sql"
#define JOBS      "sql/schema/0010_jobs.sql"

static const struct {
	const struct promo_words *words;
	int last;       /* of the enum */
	int not_stored; /* a value that never stands in the database, or 0 */
	const char *file, *constraint;
} lists[] = {
	{ &promo_code_status_words, PROMO_CODE_BLOCKED, PROMO_CODE_EXPIRED, CODES,
		"promo_codes_status_check" },
	{ &promo_batch_status_words, PROMO_BATCH_ARCHIVED, 0, CODES, "batches_status_check" },
	{ &promo_redemption_status_words, PROMO_REDEMPTION_FAILED, 0, CODES,
		"redemptions_status_check" },
	{ &promo_fraud_type_words, PROMO_FRAUD_OTHER, 0, CODES, "fraud_reports_type_check" },
	{ &promo_fraud_status_words, PROMO_FRAUD_REJECTED, 0, CODES, "fraud_reports_status_check" },
	{ &promo_priority_words, PROMO_PRIORITY_HIGH, 0, CODES, "fraud_reports_priority_check" },
	{ &promo_job_kind_words, PROMO_JOB_BULK, 0, JOBS, "jobs_kind_check" },
	{ &promo_job_status_words, PROMO_JOB_CANCELLED, 0, OPERATION, "jobs_status_check" },
	{ &promo_actor_kind_words, PROMO_ACTOR_ANONYMOUS, 0, OPERATION,
		"audit_log_actor_kind_check" },
	{ &promo_outcome_words, PROMO_OUTCOME_FAILED, 0, OPERATION, "audit_log_outcome_check" },
	{ &promo_role_change_kind_words, PROMO_ROLE_CHANGE_ROLE_EDIT, 0, ACCESS,
		"role_changes_kind_check" },
	{ &promo_approval_words, PROMO_APPROVAL_REJECTED, 0, ACCESS, "role_changes_status_check" },
	{ &promo_approval_words, PROMO_APPROVAL_REJECTED, 0, ACCESS, "registrations_status_check" },
	{ &promo_mfa_method_words, PROMO_MFA_RECOVERY_CODE, PROMO_MFA_RECOVERY_CODE, ACCESS,
		"mfa_methods_method_check" },
};

static void test_each_enum_has_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(lists); i++) {
		const struct promo_words *words = lists[i].words;

		assert_int_equal(words->count, lists[i].last + 1);
		assert_null(words->words[0]);
		for (int value = 1; value < words->count; value++)
			assert_int_equal(promo_word_value(words, words->words[value]), value);
	}
}

/* What people may make of a batch are statuses of a batch, all but the one that is a job's. */
static void test_the_targets_of_a_batch(void **state)
{
	(void)state;
	assert_int_equal(promo_batch_target_words.count, promo_batch_status_words.count - 1);
	for (int value = PROMO_BATCH_TO_ACTIVE; value <= PROMO_BATCH_TO_ARCHIVED; value++)
		assert_string_equal(promo_word(&promo_batch_target_words, value),
			promo_word(&promo_batch_status_words, value + PROMO_BATCH_GENERATING));
}

/* Moves *at behind the next 'word' of a list; false behind its end. */
static bool next_word(const char **at, char *ret, size_t size)
{
	const char *begin = *at + strcspn(*at, "')");
	size_t length;

	if (*begin != '\'')
		return false;
	begin++;
	length = strcspn(begin, "'");
	assert_true(length < size);
	memcpy(ret, begin, length);
	ret[length] = '\0';
	*at = begin + length + 1;
	return true;
}

static void test_the_database_has_the_same_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(lists); i++) {
		char *schema = source_read(root, lists[i].file);
		const char *at = strstr(schema, lists[i].constraint);
		char word[100];

		if (!at || !(at = strstr(at, "IN")))
			fail_msg("%s has no %s", lists[i].file, lists[i].constraint);
		for (int value = 1; value < lists[i].words->count; value++) {
			if (value == lists[i].not_stored)
				continue;
			if (!next_word(&at, word, sizeof(word)))
				fail_msg("%s lacks \"%s\"", lists[i].constraint,
					promo_word(lists[i].words, value));
			assert_string_equal(word, promo_word(lists[i].words, value));
		}
		if (next_word(&at, word, sizeof(word)))
			fail_msg("%s also has \"%s\"", lists[i].constraint, word);
		free(schema);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_enum_has_its_words),
		cmocka_unit_test(test_the_targets_of_a_batch),
		cmocka_unit_test(test_the_database_has_the_same_words),
	};

	if (argc != 2)
		return 2;
	root = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
