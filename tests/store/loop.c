/* SPDX-License-Identifier: MIT */
#include "tests/store/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "libpromo/base/time.h"

static const enum promo_query statements[] = { PROMO_Q_MIGRATION_INSERT, PROMO_Q_MIGRATION_LIST,
	PROMO_Q_MIGRATION_LOCK, PROMO_Q_COUNT };

struct loop open_like(const struct promo_pipeline_config *like)
{
	struct promo_pipeline_config config = *like;
	struct loop loop = { .epoll = epoll_create1(EPOLL_CLOEXEC) };

	if (!config.statements)
		config.statements = statements;
	assert_true(loop.epoll >= 0);
	assert_int_equal(promo_pipeline_new(&config, &loop.pipeline), 0);
	return loop;
}

struct loop open_plain(const struct fixture *fixture)
{
	return open_like(&(struct promo_pipeline_config){ .uri = fixture->database->owner_uri });
}

struct loop open_patient(const struct fixture *fixture)
{
	char uri[640];

	(void)snprintf(uri, sizeof(uri),
		"%s&options=-c%%20lock_timeout%%3D60s%%20-c%%20statement_timeout%%3D60s",
		fixture->database->owner_uri);
	return open_like(&(struct promo_pipeline_config){ .uri = uri });
}

void close_loop(struct loop *loop)
{
	promo_pipeline_free(loop->pipeline);
	assert_int_equal(close(loop->epoll), 0);
}

static void watch(struct loop *loop)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd = promo_pipeline_fd(loop->pipeline);
	unsigned version = promo_pipeline_watch_version(loop->pipeline);

	if (promo_pipeline_wants_write(loop->pipeline))
		event.events |= EPOLLOUT;
	if (fd >= 0 && version != loop->version) {
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL); /* if it is the same still */
		assert_int_equal(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event), 0);
	} else if (fd >= 0 && event.events != loop->events) {
		assert_int_equal(epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &event), 0);
	}
	loop->version = version;
	loop->events = event.events;
}

void turn(struct loop *loop)
{
	int64_t wait_ms = promo_pipeline_deadline_ms(loop->pipeline) - promo_monotonic_ms();
	struct epoll_event event;

	watch(loop);
	if (wait_ms > PATIENCE_MS)
		wait_ms = PATIENCE_MS;
	assert_true(epoll_wait(loop->epoll, &event, 1, wait_ms > 0 ? (int)wait_ms : 0) >= 0);
	(void)promo_pipeline_work(loop->pipeline);
}

void run_until(struct loop *loop, enum promo_pipeline_state state)
{
	int64_t end = promo_monotonic_ms() + PATIENCE_MS;

	while (promo_pipeline_state(loop->pipeline) != state) {
		assert_true(promo_monotonic_ms() < end);
		turn(loop);
	}
}

void add_insert(struct fixture *fixture, const struct loop *loop, const char *name)
{
	struct promo_params *params = promo_arena_alloc(fixture->arena, sizeof(*params));

	assert_non_null(params);
	*params = PROMO_PARAMS(fixture->arena);
	promo_param_int(params, ++fixture->version);
	promo_param_text(params, name);
	promo_param_text(params, "x");
	assert_int_equal(promo_pipeline_add(loop->pipeline, PROMO_Q_MIGRATION_INSERT, params), 0);
}

void add_list(const struct loop *loop)
{
	assert_int_equal(promo_pipeline_add(loop->pipeline, PROMO_Q_MIGRATION_LIST, NULL), 0);
}

size_t count_rows(const struct fixture *fixture, const struct loop *loop, size_t index)
{
	struct promo_objects rows = { .count = 4711 };

	assert_int_equal(promo_pipeline_rows(loop->pipeline, index, fixture->arena, &rows), 0);
	return rows.count;
}

void begin_insert(struct fixture *fixture, struct loop *loop, const char *name)
{
	run_until(loop, PROMO_PIPELINE_IDLE);
	add_insert(fixture, loop, name);
	assert_int_equal(promo_pipeline_send(loop->pipeline, true), 0);
}

void begin_list(struct loop *loop)
{
	run_until(loop, PROMO_PIPELINE_IDLE);
	add_list(loop);
	assert_int_equal(promo_pipeline_send(loop->pipeline, false), 0);
}

void assert_ends(struct loop *loop, int result, enum promo_store_failure failure)
{
	run_until(loop, PROMO_PIPELINE_DONE);
	if (result < 0)
		assert_true(promo_pipeline_result(loop->pipeline) < 0);
	else
		assert_int_equal(promo_pipeline_result(loop->pipeline), result);
	assert_int_equal(promo_pipeline_failure(loop->pipeline), failure);
}

int64_t count_named(const struct fixture *fixture, const char *name)
{
	const char *count = promo_test_sql(fixture->database,
		"SELECT count(*) FROM schema_migrations WHERE name = '%s'", name);

	return strtoll(count, NULL, 10);
}

void assert_works(struct fixture *fixture, struct loop *loop, unsigned generation)
{
	int64_t before = count_named(fixture, "works");

	(void)promo_pipeline_clear(loop->pipeline);
	begin_insert(fixture, loop, "works");
	assert_ends(loop, 0, PROMO_STORE_FINE);
	assert_int_equal(promo_pipeline_clear(loop->pipeline), PROMO_PIPELINE_IDLE);
	assert_int_equal(promo_pipeline_generation(loop->pipeline), generation);
	assert_int_equal(count_named(fixture, "works"), before + 1);
}

void await(const struct fixture *fixture, const char *condition)
{
	int64_t end = promo_monotonic_ms() + PATIENCE_MS;

	while (promo_test_sql(fixture->database,
		       "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
		       " AND pid <> pg_backend_pid() AND %s",
		       condition)[0] == '\0')
		assert_true(promo_monotonic_ms() < end);
}
