/* SPDX-License-Identifier: MIT */
/*
 * The views that people and lists read say of every code and batch what rules/code_status.c says,
 * over every combination of stored statuses and of ends before, at and after now.
 */
#include <stdio.h>
#include <string.h>

#include "libpromo/model/words.h"
#include "libpromo/rules/code_status.h"
#include "tests/lib/database.h"
#include "tests/lib/test.h"

/* One transaction, so that now() is one instant and an end can be exactly that. Of the 17 codes of a
 * batch the last does not exist for anyone yet. */
static const char every_combination[] =
	"INSERT INTO batches (id, batch_name, total_codes, ready_codes, amount_per_code, currency,"
	"	expires_on, expiration_date, code_format, status)"
	" SELECT gen_random_uuid(), format('BATCH_%%s_%%s', upper(s), n), 17, 16, 1, 'RWF',"
	"	current_date, now() + n * interval '1 hour', 'XXXXXXXXXX', s"
	" FROM unnest(ARRAY['generating', 'active', 'expired', 'blocked', 'archived']) s,"
	"	generate_series(-1, 1) n;"
	"INSERT INTO promo_codes (id, code, batch_id, serial, amount, status, expires_at)"
	" SELECT gen_random_uuid(), left(replace(gen_random_uuid()::text, '-', ''), 20), b.id,"
	"	row_number() OVER (PARTITION BY b.id), 1, s, now() + n * interval '1 hour'"
	" FROM batches b, unnest(ARRAY['active', 'redeemed', 'reported', 'blocked']) s,"
	"	unnest(ARRAY[-1, 0, 1, NULL]) n;"
	"INSERT INTO promo_codes (id, code, batch_id, serial, amount)"
	" SELECT gen_random_uuid(), left(replace(gen_random_uuid()::text, '-', ''), 20), id, 17, 1"
	" FROM batches;"
	"SELECT string_agg(format('%%s %%s %%s %%s %%s %%s %%s', left(p.status, 3),"
	"	hours(p.expires_at), left(b.status, 3), hours(b.expiration_date),"
	"	left(p.effective_status, 3), left(b.effective_status, 3),"
	"	hours(p.effective_expires_at)), E'\n')"
	" FROM promo_codes_effective p JOIN batches_effective b ON b.id = p.batch_id";

/* Hours from now; 9 for never. */
static const char hours[] =
	"CREATE FUNCTION hours(t timestamptz) RETURNS integer LANGUAGE sql AS"
	" $$ SELECT coalesce(extract(epoch FROM t - now()) / 3600, 9)::integer $$";

#define NOW INT64_C(1795348696123)

static int64_t from_now(int hours_ahead)
{
	return hours_ahead == 9 ? 0 : NOW + hours_ahead * INT64_C(3600000);
}

/* The value of the word that begins so. */
static int word_value(const struct promo_words *words, const char *beginning)
{
	for (int value = 1; value < words->count; value++)
		if (strncmp(promo_word(words, value), beginning, 3) == 0)
			return value;
	fail_msg("no %s begins with %s", words->name, beginning);
	return 0;
}

static void test_views_and_rules_agree(void **state)
{
	const struct promo_test_database *database = *state;
	const char *row;
	int rows = 0;

	promo_test_sql(database, "%s", hours);
	for (row = promo_test_sql(database, every_combination); *row; rows++) {
		char own[4], stored[4], effective[4], batch_effective[4];
		int code_end, batch_end, end;
		struct promo_code_facts code;
		struct promo_batch_facts batch;

		assert_int_equal(sscanf(row, "%3s %d %3s %d %3s %3s %d", own, &code_end, stored,
					 &batch_end, effective, batch_effective, &end),
			7);
		code.own_status = (enum promo_code_status)word_value(&promo_code_status_words, own);
		code.expires_at = from_now(code_end);
		batch.status =
			(enum promo_batch_status)word_value(&promo_batch_status_words, stored);
		batch.expires_at = from_now(batch_end);
		assert_int_equal(word_value(&promo_code_status_words, effective),
			promo_code_effective_status(&code, &batch, NOW));
		assert_int_equal(word_value(&promo_batch_status_words, batch_effective),
			promo_batch_effective_status(&batch, NOW));
		assert_int_equal(from_now(end), promo_code_effective_end(&code, &batch));
		row += strcspn(row, "\n");
		row += *row == '\n';
	}
	/* 5 statuses and 3 ends of batches, 4 statuses and 4 ends of codes */
	assert_int_equal(rows, 5 * 3 * 4 * 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views_and_rules_agree),
	};

	return cmocka_run_group_tests_name(
		"store/effective", tests, promo_test_database_setup, promo_test_database_teardown);
}
