/* SPDX-License-Identifier: MIT */
/* A pipeline connects by itself without ever waiting: to a server that comes later, past hosts that do
 * not answer, again after a loss and when its statements have to be prepared anew; and its sessions
 * are as lanes need them. */
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "tests/lib/scratch.h"
#include "tests/store/loop.h"

static void test_lost_while_idle(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);

	run_until(&loop, PROMO_PIPELINE_IDLE);
	terminate(fixture);
	run_until(&loop, PROMO_PIPELINE_CONNECTING); /* at once, by itself */
	assert_works(fixture, &loop, 2);

	/* Before anybody looked: what was to be written cannot have been. */
	add_insert(fixture, &loop, "gone");
	assert_int_equal(shutdown(promo_pipeline_fd(loop.pipeline), SHUT_RDWR), 0);
	if (promo_pipeline_send(loop.pipeline, true) == 0)
		run_until(&loop, PROMO_PIPELINE_DONE);
	assert_true(promo_pipeline_result(loop.pipeline) < 0);
	assert_true(promo_pipeline_failure(loop.pipeline) == PROMO_STORE_LOST ||
		    promo_pipeline_failure(loop.pipeline) == PROMO_STORE_UNKNOWN);
	assert_int_equal(promo_pipeline_clear(loop.pipeline), PROMO_PIPELINE_DOWN);
	assert_works(fixture, &loop, 3);
	assert_int_equal(count_named(fixture, "gone"), 0);
	close_loop(&loop);
}

/* Asked all the time, and so also in the moment in which an answer of the server comes in: what comes
 * while it connects is for whoever connects. */
static void test_asked_without_need(void **state)
{
	enum {
		ROUNDS = 20
	};
	struct fixture *fixture = *state;

	for (int round = 0; round < ROUNDS; round++) {
		struct loop loop = open_plain(fixture);
		enum promo_pipeline_state now;

		do {
			now = promo_pipeline_work(loop.pipeline);
			assert_int_not_equal(now, PROMO_PIPELINE_DOWN);
		} while (now != PROMO_PIPELINE_IDLE);
		close_loop(&loop);
	}
}

static void test_stale_plans(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);

	begin_list(&loop);
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	(void)promo_pipeline_clear(loop.pipeline);
	promo_test_sql(fixture->database,
		"ALTER TABLE schema_migrations ALTER COLUMN version TYPE bigint");
	begin_list(&loop);
	assert_ends(&loop, -1, PROMO_STORE_RETRY);
	assert_int_equal(promo_pipeline_clear(loop.pipeline), PROMO_PIPELINE_DOWN);
	begin_list(&loop);
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	assert_true(count_rows(fixture, &loop, 0) > 0);
	assert_works(fixture, &loop, 2);

	/* The server forgets. */
	begin_insert(fixture, &loop, "late forget");
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	assert_int_equal(promo_pipeline_clear(loop.pipeline), PROMO_PIPELINE_IDLE);
	begin_list(&loop);
	assert_ends(&loop, -1, PROMO_STORE_RETRY);
	assert_works(fixture, &loop, 3);
	close_loop(&loop);
}

/* What the planner of the session is told, written down by a trigger. */
static const char *planner_of(struct fixture *fixture, bool no_prepare)
{
	struct loop loop = open_like(&(struct promo_pipeline_config){
		.uri = fixture->database->owner_uri, .no_prepare = no_prepare });

	assert_works(fixture, &loop, 1);
	begin_list(&loop);
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	assert_true(count_rows(fixture, &loop, 0) > 0);
	assert_works(fixture, &loop, 1);
	close_loop(&loop);
	return promo_test_sql(fixture->database, "SELECT max(checksum) FROM schema_migrations");
}

static void test_with_and_without_prepare(void **state)
{
	struct fixture *fixture = *state;

	promo_test_sql(fixture->database,
		"CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
		" NEW.checksum := '~' || current_setting('enable_seqscan')"
		" || current_setting('enable_hashjoin') || current_setting('enable_mergejoin')"
		" || current_setting('plan_cache_mode') || current_setting('statement_timeout')"
		" || (SELECT count(*) FROM pg_prepared_statements); RETURN NEW; END $$;"
		" CREATE TRIGGER note BEFORE INSERT ON schema_migrations"
		" FOR EACH ROW EXECUTE FUNCTION note()");
	assert_string_equal(planner_of(fixture, false), "~offoffoffforce_generic_plan5s3");
	promo_test_sql(fixture->database, "DELETE FROM schema_migrations WHERE name = 'works'");
	assert_string_equal(planner_of(fixture, true), "~onononauto00");
}

/* The part of a URI that says where the server is. */
static void split_uri(const char *uri, const char *keyword, char ret[128])
{
	PQconninfoOption *options = PQconninfoParse(uri, NULL);

	ret[0] = '\0';
	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		if (strcmp(option->keyword, keyword) == 0 && option->val)
			(void)snprintf(ret, 128, "%s", option->val);
	PQconninfoFree(options);
}

static void test_server_comes_later(void **state)
{
	static const int waits[] = { 100, 200, 400, 800, 1600, 2000, 2000 };
	struct fixture *fixture = *state;
	struct scratch *scratch = NULL;
	char uri[512], host[128], port[128], target[384], name[160];
	struct loop loop;

	split_uri(fixture->database->owner_uri, "host", host);
	split_uri(fixture->database->owner_uri, "port", port);
	assert_int_equal(scratch_setup((void **)&scratch), 0);
	(void)snprintf(name, sizeof(name), ".s.PGSQL.%s", port[0] ? port : "5432");
	(void)snprintf(target, sizeof(target), "%s/%s", host, name);
	(void)snprintf(uri, sizeof(uri), "postgresql:///%s?user=promo_owner&host=%s%s%s",
		fixture->database->name, scratch->folder, port[0] ? "&port=" : "", port);
	loop = open_like(&(struct promo_pipeline_config){ .uri = uri });
	for (size_t i = 0; i < PROMO_COUNT(waits); i++) {
		int64_t since = i > 0 ? promo_pipeline_deadline_ms(loop.pipeline) : 0;

		if (i > 0)
			turn(&loop);
		assert_int_equal(promo_pipeline_state(loop.pipeline), PROMO_PIPELINE_DOWN);
		assert_int_equal(promo_pipeline_fd(loop.pipeline), -1);
		since += waits[i];
		assert_true(promo_pipeline_deadline_ms(loop.pipeline) >= since);
		assert_true(promo_pipeline_deadline_ms(loop.pipeline) <=
			    promo_monotonic_ms() + waits[i]);
	}
	assert_int_equal(symlink(target, scratch_path(scratch, name)), 0);
	assert_works(fixture, &loop, 1);
	close_loop(&loop);
	assert_int_equal(scratch_teardown((void **)&scratch), 0);
}

/* A socket that takes connections and never says anything; `full`: that does not even take them. */
static int listen_deaf(bool full, int fillers[4], unsigned *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(fd, full ? 0 : 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*ret_port = ntohs(address.sin_port);
	for (int i = 0; full && i < 4; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)connect(fillers[i], (const struct sockaddr *)&address, length);
	}
	return fd;
}

static void test_deaf_hosts(void **state)
{
	struct fixture *fixture = *state;
	char uri[512], host[128], port[128];

	split_uri(fixture->database->owner_uri, "host", host);
	split_uri(fixture->database->owner_uri, "port", port);
	for (int full = 0; full < 2; full++) {
		unsigned deaf_port;
		int fillers[4];
		int deaf = listen_deaf(full, fillers, &deaf_port);
		struct loop loop;

		(void)snprintf(uri, sizeof(uri),
			"postgresql:///%s?user=promo_owner&connect_timeout=1"
			"&host=127.0.0.1,%s&port=%u,%s&target_session_attrs=read-write",
			fixture->database->name, host, deaf_port, port[0] ? port : "5432");
		loop = open_like(&(struct promo_pipeline_config){ .uri = uri });
		assert_works(fixture, &loop, 1);
		close_loop(&loop);
		assert_int_equal(close(deaf), 0);
		for (int i = 0; full && i < 4; i++)
			assert_int_equal(close(fillers[i]), 0);
	}
}

/* Each with its own group under way at the same time, one of them waiting for a lock. */
static void test_two_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct loop waiting = open_patient(fixture), other = open_plain(fixture);
	const char *moved = "UPDATE schema_migrations SET name = 'moved' WHERE version = 0";
	PGconn *holder = PQconnectdb(fixture->database->owner_uri);

	run_until(&waiting, PROMO_PIPELINE_IDLE);
	run_until(&other, PROMO_PIPELINE_IDLE);
	PQclear(PQexec(holder, "BEGIN"));
	PQclear(PQexec(holder, moved));
	assert_int_equal(promo_pipeline_add(waiting.pipeline, PROMO_Q_MIGRATION_LOCK, NULL), 0);
	add_insert(fixture, &waiting, "after the lock");
	assert_int_equal(promo_pipeline_send(waiting.pipeline, true), 0);
	await(fixture, "wait_event_type = 'Lock'");
	for (int i = 0; i < 10; i++)
		assert_works(fixture, &other, 1);
	assert_int_equal(promo_pipeline_work(waiting.pipeline), PROMO_PIPELINE_BUSY);
	assert_int_equal(count_named(fixture, "after the lock"), 0);
	PQclear(PQexec(holder, "COMMIT"));
	PQfinish(holder);
	assert_ends(&waiting, 0, PROMO_STORE_FINE);
	assert_int_equal(count_named(fixture, "after the lock"), 1);
	assert_works(fixture, &waiting, 1);
	close_loop(&waiting);
	close_loop(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lost_while_idle),
		TEST(test_asked_without_need),
		TEST(test_stale_plans),
		TEST(test_with_and_without_prepare),
		TEST(test_server_comes_later),
		TEST(test_deaf_hosts),
		TEST(test_two_at_once),
	};

	return cmocka_run_group_tests_name("store/pipeline_connect", tests, NULL, NULL);
}
