/* SPDX-License-Identifier: MIT */
/* A group of 256 requests of every kind ends as the same requests do when workers carry them out one
 * by one on equal data: the same answers, the same rows of redemptions, customers, totals and audit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/crowd.h"
#include "tests/ops/stock.h"

enum kind {
	FRESH,
	NAMED,
	OF_A_CUSTOMER, /* who is known, with one name */
	REDEEMED,
	REPORTED,
	IMPORTED, /* redeemed elsewhere: no redemption is known */
	BLOCKED,
	ENDED,
	OF_BLOCKED_BATCH,
	OF_FOREIGN_BATCH,
	REPLAYED,
	KEY_OF_ANOTHER,
	REFUSED_BEFORE,
	VERIFY_FRESH,
	VERIFY_REDEEMED,
	VERIFY_REPORTED,
	VERIFY_BLOCKED,
	VERIFY_OF_FOREIGN_BATCH,
	UNKNOWN,
	VERIFY_UNKNOWN,
	KINDS
};

enum {
	MANY = PROMO_GROUP_MAX,
	ELSEWHERE = 500, /* serials of codes that are no item's own */
};

/* One of two equal worlds. */
struct world {
	struct till *till;
	struct person clerk, other, stranger, boss;
};

/* Misses of more than a few would end as 429, after so and so many by the clock. */
static enum kind kind_of(int i)
{
	enum kind kind = (enum kind)(i % KINDS);

	return i >= KINDS && (kind == UNKNOWN || kind == VERIFY_UNKNOWN) ? FRESH : kind;
}

static struct stock_code code_of(int i)
{
	switch ((int)kind_of(i)) {
	case OF_BLOCKED_BATCH:
		return stock_code('C', i + 1);
	case OF_FOREIGN_BATCH:
	case VERIFY_OF_FOREIGN_BATCH:
		return stock_code('E', i + 1);
	case UNKNOWN:
	case VERIFY_UNKNOWN:
		return stock_code('Z', i + 1);
	default:
		return stock_code('A', i + 1);
	}
}

static const char *key_of(int i)
{
	static char key[16];

	(void)snprintf(key, sizeof(key), "key-%d", i);
	return key;
}

static struct ask ask_of(struct world *world, int i)
{
	static const char *const more[KINDS] = {
		[NAMED] = ", \"first_name\": \"Jean\", \"last_name\": \"N.\", \"note\": \"x\"",
		[OF_A_CUSTOMER] = ", \"first_name\": \"Eve\", \"last_name\": \"Keza\"",
		[REDEEMED] = ", \"first_name\": \"Jean\", \"note\": \"\\\"{1,2}\\\"\"",
	};
	static char verify[64];
	const enum kind kind = kind_of(i);
	const struct person *who =
		kind == UNKNOWN || kind == VERIFY_UNKNOWN ? &world->stranger : &world->clerk;
	struct ask ask = { .token = who->token };

	if (kind >= VERIFY_FRESH && kind != UNKNOWN) {
		(void)snprintf(verify, sizeof(verify), "{\"code\": \"%s\"}", code_of(i).text);
		ask.op = &promo_op_code_verify;
		ask.body = verify;
		return ask;
	}
	ask.op = &promo_op_redemption_create;
	ask.key = key_of(i);
	ask.body = stock_body(code_of(i).text, i, more[kind] ? more[kind] : "");
	return ask;
}

/* What happened before. */
static void precede(struct world *world, int i)
{
	struct till *till = world->till;
	struct ask ask = ask_of(world, i);

	switch ((int)kind_of(i)) {
	case OF_A_CUSTOMER:
		(void)promo_test_sql(till->database,
			"INSERT INTO customers (id, phone_number, first_name) VALUES "
			"(gen_random_uuid(), '+25078800%04d', 'Aline')",
			i);
		break;
	case REDEEMED:
	case VERIFY_REDEEMED:
		stock_redeem(till, &world->other, 'A', i + 1, 1000 + i);
		break;
	case REPORTED:
	case VERIFY_REPORTED:
		stock_redeem(till, &world->other, 'A', i + 1, 1000 + i);
		assert_int_equal(
			ASK(till, .op = &promo_op_fraud_report_create, .token = world->other.token,
				.body = stock_body(code_of(i).text, 2000 + i, "")),
			201);
		break;
	case IMPORTED:
		(void)promo_test_sql(till->database,
			"UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() WHERE "
			"code = '%s'",
			code_of(i).text);
		break;
	case BLOCKED:
	case VERIFY_BLOCKED:
	case REFUSED_BEFORE:
		(void)promo_test_sql(till->database,
			"UPDATE promo_codes SET status = 'blocked', blocked_at = now() WHERE "
			"code = '%s'",
			code_of(i).text);
		if (kind_of(i) == REFUSED_BEFORE)
			assert_int_equal(till_ask(till, &ask), 409);
		break;
	case ENDED:
		(void)promo_test_sql(till->database,
			"UPDATE promo_codes SET expires_at = '2020-01-01' WHERE code = '%s'",
			code_of(i).text);
		break;
	case REPLAYED:
		assert_int_equal(till_ask(till, &ask), 201);
		break;
	case KEY_OF_ANOTHER:
		ask.body = stock_body(stock_code('A', ELSEWHERE + i).text, i, "");
		assert_int_equal(till_ask(till, &ask), 201);
		break;
	default:
		break;
	}
}

static struct world begin(struct promo_test_database *database)
{
	struct world world = { .till = till_new(database) };
	struct stock_id blocked, foreign;

	world.clerk = till_person(world.till, "batch-manager");
	world.other = till_person(world.till, "batch-manager");
	world.stranger = till_person(world.till, "batch-manager");
	world.boss = till_person(world.till, "admin");
	(void)stock_batch(world.till, 'A', ELSEWHERE + MANY);
	blocked = stock_batch(world.till, 'C', MANY);
	foreign = stock_batch(world.till, 'E', MANY);
	(void)promo_test_sql(database,
		"UPDATE batches SET status = 'blocked' WHERE id = '%s'; "
		"UPDATE batches SET assigned_user_id = '%s' WHERE id = '%s'; "
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), 'redemption', 'assigned_only', 'true'); "
		"UPDATE auth_state SET settings_version = settings_version + 1",
		blocked.text, world.other.id, foreign.text);
	for (int i = 0; i < MANY; i++)
		precede(&world, i);
	return world;
}

/* An answer without what differs between equal worlds: ids and times. */
static char *tell(const struct promo_answer *answer)
{
	static const char id[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", time[] = "dddd-dd-ddTdd:";
	char *text = NULL, *to;

	assert_true(asprintf(&text, "%d %d %s %s", answer->status, answer->replayed,
			    answer->location ? answer->location : "", answer->body) > 0);
	to = text;
	for (const char *from = text; *from;) {
		size_t n = 0;

		while (id[n] && (id[n] == 'x' ? (from[n] && strchr("0123456789abcdef", from[n]))
					      : from[n] == id[n]))
			n++;
		if (!id[n]) {
			from += n;
			*to++ = '#';
			continue;
		}
		for (n = 0; time[n]; n++)
			if (time[n] == 'd' ? (from[n] < '0' || from[n] > '9') : from[n] != time[n])
				break;
		if (!time[n]) {
			from += strcspn(from, "\"");
			*to++ = '@';
			continue;
		}
		*to++ = *from++;
	}
	*to = '\0';
	return text;
}

/* The rows, without what differs. */
static const char *rows(struct world *world, int which)
{
	static const char *const queries[] = {
		"SELECT md5(string_agg(concat_ws(' ', p.code, r.status, r.amount, r.error_code, "
		"r.error_message, r.note, c.phone_number, substring(r.idempotency_key from "
		"'key-.*'), "
		"r.completed_at IS NULL), ',' ORDER BY p.code, "
		"r.status)) FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id "
		"LEFT JOIN customers c ON c.id = r.customer_id",
		"SELECT md5(string_agg(concat_ws(' ', phone_number, first_name, last_name), ',' "
		"ORDER BY phone_number)) FROM customers",
		"SELECT md5(string_agg(concat_ws(' ', code, status, redeemed_at IS NULL), ',' "
		"ORDER BY code)) FROM promo_codes",
		"SELECT md5(string_agg(t, ',' ORDER BY t)) FROM (SELECT concat_ws(' ', "
		"b.batch_name, "
		"sum(t.redeemed), sum(t.redeemed_amount), sum(t.reported)) AS t FROM totals t "
		"JOIN batches b ON b.id = t.batch_id GROUP BY b.id) s",
		"SELECT md5(string_agg(t, ',' ORDER BY t)) FROM (SELECT concat_ws(' ', l.action, "
		"l.actor_kind, l.outcome, l.error, l.permission, l.entity_kind, p.code, "
		"l.changes, l.phone_hash, l.ip, l.user_agent, l.request_id, sum(l.count)) AS t "
		"FROM audit_log l LEFT JOIN promo_codes p ON p.id = l.entity_id "
		"WHERE l.action <> 'fraud-report.create' GROUP BY l.action, l.actor_kind, "
		"l.outcome, l.error, l.permission, l.entity_kind, p.code, l.changes, "
		"l.phone_hash, l.ip, l.user_agent, l.request_id) s",
	};

	return which < (int)PROMO_COUNT(queries)
		       ? promo_test_sql(world->till->database, "%s", queries[which])
		       : NULL;
}

static void test_the_same(void **state)
{
	struct promo_test_database *databases[2] = { promo_test_database_new(),
		promo_test_database_new() };
	struct world worlds[2];
	struct crowd *crowd;
	int ends[PROMO_GROUP_SUSPECT + 1] = { 0 };

	(void)state;
	assert_true(databases[0] && databases[1]);
	for (int i = 0; i < 2; i++)
		worlds[i] = begin(databases[i]);
	crowd = crowd_new(worlds[1].till, 0);
	for (int i = 0; i < MANY; i++) {
		struct ask ask = ask_of(&worlds[1], i);

		(void)crowd_add(crowd, &ask);
	}
	crowd_run(crowd);
	for (int i = 0; i < MANY; i++) {
		struct ask ask = ask_of(&worlds[0], i);
		char *alone, *together;

		(void)till_ask(worlds[0].till, &ask);
		ends[crowd->items[i].end]++;
		ask = ask_of(&worlds[1], i);
		/* What is not for a group goes to a worker. */
		if (crowd_tell(crowd, (size_t)i) == 0)
			(void)till_ask(worlds[1].till, &ask);
		alone = tell(&worlds[0].till->answer);
		together = tell(&worlds[1].till->answer);
		assert_string_equal(together, alone);
		assert_int_equal(worlds[0].till->answer.error, worlds[1].till->answer.error);
		free(alone);
		free(together);
	}
	assert_int_equal(ends[PROMO_GROUP_SUSPECT], 2);
	assert_int_equal(ends[PROMO_GROUP_ALONE], 26);
	assert_int_equal(ends[PROMO_GROUP_ANSWERED], MANY - 2 - 26);
	for (int i = 0; rows(&worlds[0], i); i++) {
		char alone[64];

		(void)snprintf(alone, sizeof(alone), "%s", rows(&worlds[0], i));
		assert_string_equal(rows(&worlds[1], i), alone);
	}
	(void)promo_test_sql(databases[1],
		"UPDATE promo_codes p SET status = 'active' WHERE status = 'redeemed' AND NOT "
		"EXISTS "
		"(SELECT FROM redemptions WHERE promo_code_id = p.id AND status = 'completed')");
	stock_assert_totals(worlds[1].till);
	crowd_free(crowd);
	for (int i = 0; i < 2; i++) {
		till_free(worlds[i].till);
		promo_test_database_free(databases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same),
	};

	return cmocka_run_group_tests_name("ops/group_same", tests, NULL, NULL);
}
