/* SPDX-License-Identifier: MIT */
/* The real daemon without memory for the n-th thing that it needs while it serves a redemption, once or
 * from then on: it stays up, serves again as soon as there is memory, redeems once, and what it tells
 * is true. With PROMO_FAULT_LONG every single allocation fails in its turn, else some of them. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/client/client.h"
#include "tests/lib/daemon.h"
#include "tests/lib/failing_malloc.h"
#include "tests/ops/stock.h"

enum {
	CODES = 5000,
	WARM = 10, /* requests until everything that is kept is there */
	SAMPLES = 60,
	SAMPLES_FOR_EVER = 8,
	SHORT_MS = 1500, /* of a call that may get no answer */
	LONG_MS = 30000,
};

struct scene {
	struct promo_test_database *database;
	struct promo_test_daemon daemon;
	struct failing_malloc *memory; /* the daemon's */
	struct promo_arena *arena;
	struct till till; /* of the same database, for people and stock */
	struct person clerk;
	char folder[32], control[64];
	long counts[3]; /* done, refused, unknown */
};

static int set_up(void **state)
{
	static const char *const options[] = { "--job-threads", "0", "--workers", "2", "--lanes",
		"1", NULL };
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->database = promo_test_database_new();
	assert_non_null(scene->database);
	(void)snprintf(scene->folder, sizeof(scene->folder), "/tmp/promo-malloc.XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	(void)snprintf(scene->control, sizeof(scene->control), "%s/control", scene->folder);
	scene->memory = failing_malloc_share(scene->control);
	assert_non_null(scene->memory);
	assert_int_equal(setenv("FAILING_MALLOC", scene->control, 1), 0);
	/* It is mapped before the account changes. */
	promo_test_daemon_start(&scene->daemon, scene->database, options);
	scene->till.database = scene->database;
	scene->clerk = till_person(&scene->till, "batch-manager");
	scene->arena = promo_arena_new(16 << 20);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	promo_test_daemon_free(&scene->daemon);
	promo_test_database_free(scene->database);
	(void)unlink(scene->control);
	(void)rmdir(scene->folder);
	promo_arena_free(scene->arena);
	free(scene);
	return 0;
}

/* As a client that asks again where it got no answer; 0, or what it was told. */
static int redeem(struct scene *scene, char batch, int n, int64_t timeout_ms)
{
	const struct stock_code code = stock_code(batch, n);
	const struct promo_redemption_create_in in = { .code = code.text,
		.phone_number = "+250788123456" };
	struct promo_client_config config = { .token = scene->clerk.token,
		.timeout_ms = timeout_ms };
	struct promo_call call = { 0 };
	struct promo_client *client;
	struct promo_reply reply;
	char key[32], server[64];
	int r;

	(void)snprintf(key, sizeof(key), "%c-%d", batch, n);
	(void)snprintf(server, sizeof(server), "http://127.0.0.1:%u", scene->daemon.port);
	config.server = server;
	call.idempotency_key = key;
	promo_arena_clear(scene->arena);
	assert_int_equal(promo_client_new(&config, &client), 0);
	r = promo_client_call(
		client, &promo_op_redemption_create, &in, &call, scene->arena, &reply);
	promo_client_free(client);
	return r;
}

static const char *rows_of(struct scene *scene, char batch, int n)
{
	return promo_test_sql(scene->database,
		"SELECT count(*) FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id "
		"WHERE p.code = '%s'",
		stock_code(batch, n).text);
}

static void step(struct scene *scene, char batch, int n, bool for_ever)
{
	int r;

	failing_malloc_arm(scene->memory, n, for_ever);
	r = redeem(scene, batch, n, SHORT_MS);
	(void)failing_malloc_disarm(scene->memory);
	assert_int_equal(kill(scene->daemon.pid, 0), 0);
	if (r == 0) {
		assert_string_equal(rows_of(scene, batch, n), "1");
		scene->counts[0]++;
	} else if (r == PROMO_E_OUTCOME_UNKNOWN) {
		scene->counts[2]++;
	} else {
		if (r != PROMO_E_INTERNAL && r != PROMO_E_UNAVAILABLE)
			fail_msg("allocation %d: %s", n, promo_error_info(r)->wire);
		if (strcmp(rows_of(scene, batch, n), "0") != 0)
			fail_msg(
				"allocation %d: %s, but it was done", n, promo_error_info(r)->wire);
		scene->counts[1]++;
	}
	assert_int_equal(redeem(scene, batch, n, LONG_MS), 0);
	assert_string_equal(rows_of(scene, batch, n), "1");
}

static void fail_each(struct scene *scene, char batch, bool for_ever)
{
	const char *whole = getenv("PROMO_FAULT_LONG");
	int allocations, stride;

	memset(scene->counts, 0, sizeof(scene->counts));
	(void)stock_batch(&scene->till, batch, CODES);
	for (int i = 0; i < WARM; i++)
		assert_int_equal(redeem(scene, batch, CODES - i, LONG_MS), 0);
	failing_malloc_arm(scene->memory, 0, false);
	assert_int_equal(redeem(scene, batch, CODES - WARM, LONG_MS), 0);
	(void)failing_malloc_disarm(scene->memory);
	allocations = (int)scene->memory->count;
	assert_in_range(allocations, 10, CODES - 2 * WARM);
	stride = 1 + allocations / (for_ever ? SAMPLES_FOR_EVER : SAMPLES);
	if (whole && *whole)
		stride = 1;
	for (int n = 1; n <= allocations; n += stride)
		step(scene, batch, n, for_ever);
	print_message("%d allocations; done %ld, refused %ld, unknown %ld\n", allocations,
		scene->counts[0], scene->counts[1], scene->counts[2]);
	stock_assert_totals(&scene->till);
}

static void test_once(void **state)
{
	fail_each(*state, 'A', /* for_ever= */ false);
}

static void test_for_ever(void **state)
{
	fail_each(*state, 'C', /* for_ever= */ true);
}

static void test_ends_well(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(promo_test_daemon_end(&scene->daemon, SIGTERM), 0);
	assert_string_equal(
		promo_test_sql(scene->database,
			"SELECT count(*) FROM audit_writers w WHERE w.seq <> "
			"(SELECT count(*) FROM audit_log a WHERE a.writer_id = w.id) OR w.seq <> "
			"(SELECT coalesce(max(seq), 0) FROM audit_log a WHERE a.writer_id = w.id)"),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_for_ever),
		cmocka_unit_test(test_ends_well),
	};

	return cmocka_run_group_tests_name("fault/malloc_daemon", tests, set_up, tear_down);
}
