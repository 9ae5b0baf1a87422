/* SPDX-License-Identifier: MIT */
/* Groups of statements are transactions of their own, all or nothing; whatever happens to the server
 * or to the connection under a group is told apart as with a store, and afterwards the pipeline
 * connects again by itself; and nothing ever waits but the poll() of this file. */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "libpromo/base/time.h"
#include "libpromo/store/pipeline.h"
#include "tests/store/fixture.h"

static const enum promo_query statements[] = { PROMO_Q_MIGRATION_INSERT, PROMO_Q_MIGRATION_LIST,
	PROMO_Q_MIGRATION_LOCK, PROMO_Q_COUNT };

static struct promo_pipeline *open_pipeline(
	const struct promo_test_database *database, const struct promo_pipeline_config *like)
{
	struct promo_pipeline_config config = *like;
	struct promo_pipeline *pipeline = NULL;

	if (!config.uri)
		config.uri = database->owner_uri;
	if (!config.statements)
		config.statements = statements;
	assert_int_equal(promo_pipeline_new(&config, &pipeline), 0);
	return pipeline;
}

static struct promo_pipeline *open_plain(const struct fixture *fixture)
{
	return open_pipeline(fixture->database, &(struct promo_pipeline_config){ .silence_ms = 0 });
}

/* One turn of an event loop, as an epoll loop would do it: it waits for what the pipeline asks for
 * and for nothing else. */
static enum promo_pipeline_state turn(struct promo_pipeline *pipeline)
{
	int64_t wait_ms = promo_pipeline_deadline_ms(pipeline) - promo_monotonic_ms();
	struct pollfd poller = { .fd = promo_pipeline_fd(pipeline), .events = POLLIN };

	if (promo_pipeline_wants_write(pipeline))
		poller.events |= POLLOUT;
	if (wait_ms > 20000)
		wait_ms = 20000;
	assert_true(poll(&poller, 1, wait_ms > 0 ? (int)wait_ms : 0) > 0 || wait_ms < 20000);
	return promo_pipeline_work(pipeline);
}

static void run_until(struct promo_pipeline *pipeline, enum promo_pipeline_state state)
{
	int64_t end = promo_monotonic_ms() + 30000;

	while (promo_pipeline_state(pipeline) != state) {
		assert_true(promo_monotonic_ms() < end);
		(void)turn(pipeline);
	}
}

/* Adds a MIGRATION_INSERT of this name. */
static int add_insert(struct fixture *fixture, struct promo_pipeline *pipeline, const char *name)
{
	struct promo_params *params = promo_arena_alloc(fixture->arena, sizeof(*params));

	*params = PROMO_PARAMS(fixture->arena);
	promo_param_int(params, ++fixture->version);
	promo_param_text(params, name);
	promo_param_text(params, "x");
	return promo_pipeline_add(pipeline, PROMO_Q_MIGRATION_INSERT, params);
}

static int add_list(struct promo_pipeline *pipeline)
{
	return promo_pipeline_add(pipeline, PROMO_Q_MIGRATION_LIST, NULL);
}

/* A group of one insertion, to its end: what became of it. */
static int run_insert(struct fixture *fixture, struct promo_pipeline *pipeline, const char *name)
{
	run_until(pipeline, PROMO_PIPELINE_IDLE);
	assert_int_equal(add_insert(fixture, pipeline, name), 0);
	assert_int_equal(promo_pipeline_send(pipeline, true), 0);
	run_until(pipeline, PROMO_PIPELINE_DONE);
	return promo_pipeline_result(pipeline);
}

static int64_t count_named(const struct fixture *fixture, const char *name)
{
	const char *count = promo_test_sql(fixture->database,
		"SELECT count(*) FROM schema_migrations WHERE name = '%s'", name);

	return strtoll(count, NULL, 10);
}

/* It takes a group and carries it out. */
static void assert_works(struct fixture *fixture, struct promo_pipeline *pipeline)
{
	int64_t before = count_named(fixture, "works");

	(void)promo_pipeline_clear(pipeline);
	assert_int_equal(run_insert(fixture, pipeline, "works"), 0);
	assert_int_equal(promo_pipeline_failure(pipeline), PROMO_STORE_FINE);
	assert_int_equal(promo_pipeline_clear(pipeline), PROMO_PIPELINE_IDLE);
	assert_int_equal(count_named(fixture, "works"), before + 1);
}

static void test_rows(void **state)
{
	struct fixture *fixture = *state;
	struct promo_pipeline *pipeline = open_plain(fixture);
	struct promo_objects before = { .count = 0 }, after = { .count = 0 }, none = { .count = 7 },
			     moment = { .count = 0 };

	assert_int_equal(promo_pipeline_generation(pipeline), 0);
	run_until(pipeline, PROMO_PIPELINE_IDLE);
	assert_int_equal(promo_pipeline_generation(pipeline), 1);
	assert_int_equal(promo_pipeline_deadline_ms(pipeline), INT64_MAX);
	assert_int_equal(add_list(pipeline), 0);
	assert_int_equal(add_insert(fixture, pipeline, "first"), 0);
	assert_int_equal(add_insert(fixture, pipeline, "second"), 0);
	assert_int_equal(promo_pipeline_add(pipeline, PROMO_Q_MIGRATION_LOCK, NULL), 0);
	assert_int_equal(add_list(pipeline), 0);
	assert_int_equal(promo_pipeline_send(pipeline, true), 0);
	run_until(pipeline, PROMO_PIPELINE_DONE);
	assert_int_equal(promo_pipeline_result(pipeline), 0);
	assert_int_equal(promo_pipeline_rows(pipeline, 0, fixture->arena, &before), 0);
	assert_int_equal(promo_pipeline_rows(pipeline, 1, fixture->arena, &none), 0);
	assert_int_equal(none.count, 0);
	assert_int_equal(promo_pipeline_rows(pipeline, 3, fixture->arena, &moment), 0);
	assert_int_equal(moment.count, 1);
	assert_true(((const struct promo_moment_row *)moment.items)->at > 0);
	assert_int_equal(promo_pipeline_rows(pipeline, 4, fixture->arena, &after), 0);
	assert_true(before.count > 1);
	assert_int_equal(after.count, before.count + 2);
	assert_true(promo_pipeline_rows(pipeline, 5, fixture->arena, &after) < 0);
	assert_int_equal(promo_pipeline_clear(pipeline), PROMO_PIPELINE_IDLE);
	assert_works(fixture, pipeline);
	assert_int_equal(promo_pipeline_generation(pipeline), 1);
	promo_pipeline_free(pipeline);
}

static void test_all_or_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct promo_pipeline *pipeline = open_plain(fixture);

	run_until(pipeline, PROMO_PIPELINE_IDLE);
	assert_int_equal(add_insert(fixture, pipeline, "before"), 0);
	assert_int_equal(add_insert(fixture, pipeline, "raise 23505 users_email_key"), 0);
	assert_int_equal(add_insert(fixture, pipeline, "after"), 0);
	assert_int_equal(add_list(pipeline), 0);
	assert_int_equal(promo_pipeline_send(pipeline, true), 0);
	run_until(pipeline, PROMO_PIPELINE_DONE);
	assert_int_equal(promo_pipeline_result(pipeline), PROMO_E_EMAIL_TAKEN);
	assert_int_equal(count_named(fixture, "before"), 0);
	assert_int_equal(count_named(fixture, "after"), 0);
	assert_works(fixture, pipeline);
	assert_int_equal(promo_pipeline_generation(pipeline), 1);
	promo_pipeline_free(pipeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_all_or_nothing),
	};

	return cmocka_run_group_tests_name("store/pipeline", tests, NULL, NULL);
}
