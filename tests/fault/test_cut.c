/* SPDX-License-Identifier: MIT */
/* The connection to the database ends behind every single message of a redemption, a refused one and
 * a verification, whoever sent it, in a worker and in a lane: money is paid exactly once and the clerk
 * is told so, a refusal is written down once, and the audit trail has no gap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fault/scene.h"
#include "tests/ops/stock.h"

enum {
	MESSAGES_MAX = 400, /* more than any request here has */
	AWAY_MS = 150,
};

static int unknown; /* requests that a lane handed back as perhaps done */

static int set_up_workers(void **state)
{
	*state = scene_new(/* cut= */ true, /* lanes= */ false);
	return 0;
}

static int set_up_lanes(void **state)
{
	*state = scene_new(/* cut= */ true, /* lanes= */ true);
	return 0;
}

/* The request of step n, its outcome, and what is to be seen of it afterwards. */
struct kind {
	int (*ask)(struct scene *scene, int n);
	int status;
	const char *rows; /* completed redemptions of its code, and refused attempts with its key */
};

static int redeem_code(struct scene *scene, int serial, int n)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%c-%d", scene->batch, n);
	return scene_ask(scene, &(struct ask){ .op = &promo_op_redemption_create,
					.token = scene->clerk.token,
					.key = key,
					.body = stock_body(stock_code(scene->batch, serial).text,
						(scene->batch - 'A') * MESSAGES_MAX + n, "") });
}

static int redeem(struct scene *scene, int n)
{
	return redeem_code(scene, n, n);
}

/* The last code was redeemed before. */
static int redeem_again(struct scene *scene, int n)
{
	return redeem_code(scene, MESSAGES_MAX, n);
}

static int verify(struct scene *scene, int n)
{
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code(scene->batch, n).text);
	return scene_ask(scene,
		&(struct ask){
			.op = &promo_op_code_verify, .token = scene->clerk.token, .body = body });
}

static const struct kind kinds[] = {
	{ redeem, 201, "1 0" },
	{ redeem_again, 409, "0 1" },
	{ verify, 200, "0 0" },
};

static const char *rows_of(struct scene *scene, int n)
{
	return promo_test_sql(scene->till->database,
		"SELECT count(*) FILTER (WHERE r.status = 'completed' AND p.code = '%s') || ' ' || "
		"count(*) FILTER (WHERE r.status = 'failed' AND r.idempotency_key = '%s/%c-%d') "
		"FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id",
		stock_code(scene->batch, n).text, scene->clerk.id, scene->batch, n);
}

/* One request with a cut behind message n; whether it came to that. */
static bool step(struct scene *scene, const struct kind *kind, int n, int64_t away_ms)
{
	const char *rows = kind->rows;
	bool was_cut;
	int status;

	scene_get_ready(scene, MESSAGES_MAX);
	cutter_stay_away(scene->cutter, away_ms);
	cutter_arm(scene->cutter, CUT_MESSAGE, n);
	status = kind->ask(scene, n);
	was_cut = cutter_disarm(scene->cutter);
	/* Who knows that nothing was done says so at once, while the server is away. */
	if (away_ms && was_cut && status == 503) {
		assert_got(scene->till, "code", "unavailable");
		rows = "0 0";
	} else if (status != kind->status || scene->till->answer.replayed) {
		fail_msg("message %d: %d %s", n, status, scene->till->answer.body);
	}
	assert_string_equal(rows_of(scene, n), rows);
	if (scene->desk) {
		unknown += scene->desk->unknown;
		assert_true(was_cut || scene->desk->by_lane);
	}
	return was_cut;
}

static void cut_each(struct scene *scene, const struct kind *kind, int64_t away_ms)
{
	int n = 1;

	scene->batch = scene->batch ? (char)(scene->batch + 2) : 'A';
	unknown = 0;
	(void)stock_batch(scene->till, scene->batch, MESSAGES_MAX);
	(void)redeem_code(scene, MESSAGES_MAX, MESSAGES_MAX);
	while (n < MESSAGES_MAX && step(scene, kind, n, away_ms))
		n++;
	assert_in_range(n, 20, MESSAGES_MAX - 1);
	stock_assert_totals(scene->till);
	assert_true(!scene->desk || unknown > 3);
	print_message("%d boundaries, %d unknown to a lane\n", n - 1, unknown);
}

static void test_every_boundary(void **state)
{
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		cut_each(*state, &kinds[i], /* away_ms= */ 0);
}

/* And the server does not come back at once. */
static void test_away_at_every_boundary(void **state)
{
	cut_each(*state, &kinds[0], AWAY_MS);
}

/* Messages that come in pieces are whole messages all the same. */
static void test_byte_by_byte(void **state)
{
	struct scene *scene = *state;

	scene->batch = 'N';
	(void)stock_batch(scene->till, scene->batch, MESSAGES_MAX);
	scene_get_ready(scene, MESSAGES_MAX);
	cutter_dribble(scene->cutter, 64);
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++) {
		assert_int_equal(redeem_code(scene, 1 + (int)i, 1 + (int)i), 201);
		assert_true(!scene->desk || scene->desk->by_lane);
	}
	cutter_dribble(scene->cutter, 0);
}

static void test_sequences_are_dense(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
		promo_test_sql(scene->till->database,
			"SELECT count(*) FROM audit_writers w WHERE w.seq <> "
			"(SELECT count(*) FROM audit_log a WHERE a.writer_id = w.id) OR w.seq <> "
			"(SELECT coalesce(max(seq), 0) FROM audit_log a WHERE a.writer_id = w.id)"),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_boundary),
		cmocka_unit_test(test_away_at_every_boundary),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_sequences_are_dense),
	};
	int failed;

	failed = cmocka_run_group_tests_name(
		"fault/cut, workers", tests, set_up_workers, scene_teardown);
	return failed +
	       cmocka_run_group_tests_name("fault/cut, lanes", tests, set_up_lanes, scene_teardown);
}
