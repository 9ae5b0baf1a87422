/* SPDX-License-Identifier: MIT */
#include "tests/ops/mill.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/pace.h"
#include "tests/lib/child.h"
#include "tests/lib/test.h"

enum {
	WAIT_MS = 60000,
	LOOK_MS = 20
};

static struct stock_id id_at(struct till *till, const char *path)
{
	struct stock_id id;

	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, path));
	return id;
}

/* A batch by the operation; `more` as in stock_body(). */
struct mill_batch mill_make(struct till *till, const struct person *admin, const char *name,
	int count, const char *more)
{
	char body[512];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\": \"%s\", \"total_codes\": %d, \"amount_per_code\": "
		"\"1234567.89\", "
		"\"expiration_date\": \"2999-12-31\"%s}",
		name, count, more);
	assert_int_equal(
		ASK(till, .op = &promo_op_batch_create, .token = admin->token, .body = body), 201);
	return (struct mill_batch){ .batch = id_at(till, "batch.id"),
		.job = id_at(till, "job.id") };
}

/* A dice of two sides: every X of a code is one of two letters, so that a day has 1,024 codes. */
static void throw_coins(void *context, void *bytes, size_t size)
{
	const struct promo_random *system = context;
	unsigned char *at = bytes;

	system->fill(system->context, at, size);
	for (size_t i = 0; i < size; i++)
		at[i] = i % 4 == 0 ? at[i] & 1 : i % 4 == 2 ? 60 : 0;
}

/* Those that run: a test that fails leaves its own behind, and what they work with goes. */
static struct promo_jobs *engines[8];

static size_t slot_of(const struct promo_jobs *jobs)
{
	size_t i = 0;

	while (i < PROMO_COUNT(engines) && engines[i] != jobs)
		i++;
	return i;
}

void mill_stop(struct promo_jobs *jobs)
{
	const size_t slot = slot_of(jobs);

	if (slot < PROMO_COUNT(engines))
		engines[slot] = NULL;
	promo_jobs_stop(jobs);
}

void mill_stop_all(void)
{
	for (size_t i = 0; i < PROMO_COUNT(engines); i++)
		mill_stop(engines[i]);
}

int mill_teardown(void **state)
{
	mill_stop_all();
	return till_teardown(state);
}

struct promo_jobs *mill_start(struct till *till, bool coins)
{
	static struct promo_random system;
	const struct promo_random two_sided = { .fill = throw_coins, .context = &system };
	const struct promo_jobs_config config = { .runner = &till->config,
		.random = coins ? &two_sided : NULL };
	const size_t slot = slot_of(NULL);

	system = promo_random_system();
	assert_true(slot < PROMO_COUNT(engines));
	assert_int_equal(promo_jobs_start(&config, &engines[slot]), 0);
	return engines[slot];
}

struct mill_rush {
	struct promo_pace *pace;
	pthread_t thread;
	atomic_bool over;
};

struct mill_rush *mill_rush(struct till *till)
{
	struct mill_rush *rush = calloc(1, sizeof(*rush));

	assert_non_null(rush);
	assert_int_equal(promo_pace_new(&rush->pace), 0);
	till->config.pace = rush->pace;
	return rush;
}

static void *keep_busy(void *argument)
{
	struct mill_rush *rush = argument;

	while (!rush->over) {
		promo_pace_add(rush->pace, 2000);
		(void)poll(NULL, 0, 1);
	}
	return NULL;
}

void mill_rush_begin(struct mill_rush *rush)
{
	assert_int_equal(pthread_create(&rush->thread, NULL, keep_busy, rush), 0);
}

void mill_rush_end(struct till *till, struct mill_rush *rush)
{
	rush->over = true;
	assert_int_equal(pthread_join(rush->thread, NULL), 0);
	till->config.pace = NULL;
	promo_pace_free(rush->pace);
	free(rush);
}

/* cmin counts the statements of a transaction. */
int mill_pieces(struct till *till, const struct mill_batch *made)
{
	return (int)strtol(promo_test_sql(till->database,
				   "SELECT CASE WHEN count(DISTINCT xmin::text) = 1 "
				   "THEN count(DISTINCT cmin::text) ELSE -1 END FROM promo_codes "
				   "WHERE batch_id = '%s'",
				   made->batch.text),
		NULL, 10);
}

/* Until the condition, an SQL expression, holds; the test fails when it never does. */
void mill_wait_until(struct till *till, const char *condition, ...)
{
	int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;
	va_list arguments;
	char sql[512];

	va_start(arguments, condition);
	(void)vsnprintf(sql, sizeof(sql), condition, arguments);
	va_end(arguments);
	while (strcmp(promo_test_sql(till->database, "SELECT (%s)::text", sql), "true") != 0) {
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, LOOK_MS);
	}
}

void mill_wait_for_end(struct till *till, const struct mill_batch *made)
{
	mill_wait_until(till,
		"(SELECT status FROM jobs WHERE id = '%s') NOT IN ('queued', 'running')",
		made->job.text);
}

void mill_assert_job(struct till *till, const struct mill_batch *made, const char *status)
{
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status FROM jobs WHERE id = '%s'", made->job.text),
		status);
}

/* Exactly `count` codes, their serials 1 to count, all ready, the batch active. */
void mill_assert_complete(struct till *till, const struct mill_batch *made, int count)
{
	char expected[128];

	mill_assert_job(till, made, "succeeded");
	(void)snprintf(
		expected, sizeof(expected), "%d %d 1 %d %d active", count, count, count, count);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || count(DISTINCT p.serial) || ' ' || "
			"min(p.serial) "
			"|| ' ' || max(p.serial) || ' ' || min(b.ready_codes) || ' ' || "
			"min(b.status) "
			"FROM promo_codes p JOIN batches b ON b.id = p.batch_id WHERE b.id = '%s'",
			made->batch.text),
		expected);
}

void mill_assert_gone(struct till *till, const struct mill_batch *made)
{
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (SELECT count(*) FROM promo_codes WHERE batch_id = '%s') || ' ' || "
			"(SELECT count(*) FROM batches WHERE id = '%s')",
			made->batch.text, made->batch.text),
		"0 0");
}

/* An engine in a process of its own, which is killed at `done` codes or later. */
void mill_kill_at(struct till *till, const struct mill_batch *made, int done)
{
	pid_t child = promo_test_fork();

	assert_true(child >= 0);
	if (child == 0) {
		const struct promo_jobs_config config = { .runner = &till->config };
		struct promo_jobs *jobs;

		if (promo_jobs_start(&config, &jobs))
			_exit(1);
		for (;;)
			(void)pause();
	}
	mill_wait_until(
		till, "(SELECT done FROM jobs WHERE id = '%s') >= %d", made->job.text, done);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

void mill_run(struct till *till, const struct mill_batch *made, bool coins)
{
	struct promo_jobs *jobs = mill_start(till, coins);

	mill_wait_for_end(till, made);
	mill_stop(jobs);
}
