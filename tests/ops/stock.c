/* SPDX-License-Identifier: MIT */
#include "tests/ops/stock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"

static struct stock_id keep(const char *text)
{
	struct stock_id id;

	assert_int_equal(strlen(text), sizeof(id.text) - 1);
	memcpy(id.text, text, sizeof(id.text));
	return id;
}

struct stock_id stock_batch(struct till *till, char letter, int count)
{
	struct stock_id id;

	promo_uuid_new(id.text);
	(void)promo_test_sql(till->database,
		"INSERT INTO batches (id, batch_name, total_codes, ready_codes, amount_per_code, "
		"currency, expires_on, expiration_date, code_format, status) "
		"VALUES ('%s', 'BATCH_%c', %d, %d, 500, 'RWF', current_date + 30, "
		"(current_date + 31)::timestamp AT TIME ZONE 'Africa/Kigali', "
		"'XXXX-XXYY-XXMM-XXDD', 'active')",
		id.text, letter, count, count);
	(void)promo_test_sql(till->database,
		"INSERT INTO promo_codes (id, code, batch_id, serial, amount) "
		"SELECT gen_random_uuid(), overlay('%s' PLACING lpad(n::text, 5, '0') FROM 2), "
		"'%s', n, 500 FROM generate_series(1, %d) n",
		stock_code(letter, 0).text, id.text, count);
	return id;
}

static pthread_once_t day_once = PTHREAD_ONCE_INIT;
static char today[PROMO_DATE_SIZE];

static void set_day(void)
{
	promo_date_format(promo_time_days(promo_now_ms()), today);
}

/* XXXX-XXYY-XXMM-XXDD of the day on which the test began: it may run past midnight. */
struct stock_code stock_code(char letter, int serial)
{
	struct stock_code code;

	(void)pthread_once(&day_once, set_day);
	assert_int_equal(snprintf(code.text, sizeof(code.text), "%c%05d%.2sAA%.2sCC%.2s", letter,
				 serial % 100000, today + 2, today + 5, today + 8),
		sizeof(code.text) - 1);
	return code;
}

struct stock_id stock_code_id(struct till *till, char letter, int serial)
{
	return keep(promo_test_sql(till->database, "SELECT id FROM promo_codes WHERE code = '%s'",
		stock_code(letter, serial).text));
}

const char *stock_body(const char *code, int phone, const char *more)
{
	static _Thread_local char body[1024];

	(void)snprintf(body, sizeof(body),
		"{\"code\": \"%s\", \"phone_number\": \"+25078800%04d\"%s}", code, phone, more);
	return body;
}

void stock_redeem(struct till *till, const struct person *clerk, char letter, int serial, int phone)
{
	char key[PROMO_UUID_SIZE];

	promo_uuid_new(key);
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_create, .token = clerk->token, .key = key,
			.body = stock_body(stock_code(letter, serial).text, phone, "")),
		201);
}

void stock_assert_totals(struct till *till)
{
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM (SELECT b.id,"
			" (SELECT count(*) FROM redemptions r JOIN promo_codes p ON p.id = "
			"r.promo_code_id"
			"  WHERE p.batch_id = b.id AND r.status = 'completed') AS redeemed,"
			" (SELECT coalesce(sum(r.amount), 0) FROM redemptions r"
			"  JOIN promo_codes p ON p.id = r.promo_code_id"
			"  WHERE p.batch_id = b.id AND r.status = 'completed') AS amount,"
			" (SELECT count(*) FROM promo_codes p"
			"  WHERE p.batch_id = b.id AND p.status = 'reported') AS reported,"
			" (SELECT count(*) FROM promo_codes p"
			"  WHERE p.batch_id = b.id AND p.status IN ('redeemed', 'reported')) AS "
			"used"
			" FROM batches b) truth LEFT JOIN (SELECT batch_id, sum(redeemed) AS "
			"redeemed,"
			" sum(redeemed_amount) AS amount, sum(reported) AS reported FROM totals"
			" GROUP BY batch_id) t ON t.batch_id = truth.id"
			" WHERE truth.redeemed <> coalesce(t.redeemed, 0) OR truth.used <> "
			"truth.redeemed"
			" OR truth.amount <> coalesce(t.amount, 0)"
			" OR truth.reported <> coalesce(t.reported, 0)"),
		"0");
}

void stock_assert_all_totals(struct till *till)
{
	stock_assert_totals(till);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM batch_rows b CROSS JOIN LATERAL (SELECT count(*) AS "
			"codes, count(*) FILTER (WHERE effective_status = 'active') AS active, "
			"count(*) FILTER (WHERE effective_status = 'redeemed') AS redeemed, "
			"count(*) FILTER (WHERE effective_status = 'reported') AS reported, "
			"count(*) FILTER (WHERE effective_status = 'expired') AS expired, "
			"count(*) FILTER (WHERE effective_status = 'blocked') AS blocked "
			"FROM promo_codes_effective p WHERE p.batch_id = b.id) t "
			"WHERE (b.ready_codes, b.\"counts.active\", b.\"counts.redeemed\", "
			"b.\"counts.reported\", b.\"counts.expired\", b.\"counts.blocked\") IS "
			"DISTINCT FROM (t.codes, t.active, t.redeemed, t.reported, t.expired, "
			"t.blocked)"),
		"0");
}
