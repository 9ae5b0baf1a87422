/* SPDX-License-Identifier: MIT */
/* A file is asked for before it comes and leaves nothing where it breaks off; one that comes slowly is
 * taken as long as it moves, and one that does not is given up. It is stored in parts, between which others
 * are served; what the database cannot store in time is refused. */
#include <dirent.h>
#include <poll.h>
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

#include "libpromo/base/time.h"
#include "tests/promod/api.h"

enum {
	PIECE = 64 * 1024,
	WAIT_MS = 20000,
	GONE_MS = 20000, /* some of them every five seconds */
};

static char piece[PIECE];
static char batch[40];

/* The head of an import of so many bytes. */
static void begin(
	struct wire *wire, const struct api *api, const char *token, int size, const char *more)
{
	char head[1024];

	wire_open(wire, api->daemon.port);
	(void)snprintf(head, sizeof(head),
		"POST /api/v1/batches/%s/import HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer "
		"%s\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n%s\r\n",
		batch, token, size, more);
	wire_text(wire, head);
}

/* How many files without a name the daemon holds open. */
static int count_files(const struct api *api)
{
	char folder[64], path[384], target[256];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	(void)snprintf(folder, sizeof(folder), "/proc/%d/fd", (int)api->daemon.pid);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		ssize_t length;

		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		length = readlink(path, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		count += strstr(target, "(deleted)") != NULL;
	}
	(void)closedir(dir);
	return count;
}

static void wait_for_files(const struct api *api, int count)
{
	const int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	while (count_files(api) != count) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
}

static void test_asked_before(void **state)
{
	struct api *api = *state;
	struct wire_answer answer;
	struct wire wire;

	begin(&wire, api, api->token, 1000000, "Expect: 100-continue\r\n");
	assert_true(wire_peek(&wire, "HTTP/1.1 100 "));
	wire_close(&wire);
	begin(&wire, api, "pmo_s_nobody", 1000000, "Expect: 100-continue\r\n");
	assert_true(wire_peek(&wire, "HTTP/1.1 401 "));
	wire_answer(&wire, true, &answer);
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
	/* Whoever does not wait for the word is answered as well, without the whole. */
	begin(&wire, api, "pmo_s_nobody", 1000000000, "");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 401);
	wire_close(&wire);
	wait_for_files(api, 0);
}

static void test_broken_off(void **state)
{
	struct api *api = *state;
	struct wire wires[4];

	for (size_t i = 0; i < PROMO_COUNT(wires); i++) {
		begin(&wires[i], api, api->token, 100 * PIECE, "");
		wire_send(&wires[i], piece, sizeof(piece));
	}
	wait_for_files(api, (int)PROMO_COUNT(wires));
	for (size_t i = 0; i < PROMO_COUNT(wires); i++)
		wire_close(&wires[i]);
	wait_for_files(api, 0);
	assert_string_equal(
		promo_test_sql(api->database, "SELECT count(*) FROM jobs WHERE kind = 'import'"),
		"0");
}

static void test_slow(void **state)
{
	const char *const options[] = { "--request-timeout", "1", NULL };
	struct api *api = *state;
	struct wire_answer answer;
	struct wire moving, still;

	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database, options);
	begin(&still, api, api->token, 100, "");
	wire_text(&still, "code\n");
	begin(&moving, api, api->token, 8 * PIECE, "");
	for (int i = 0; i < 8; i++) {
		/* Longer than the timeout in all, and never that long for a piece. */
		(void)poll(NULL, 0, 300);
		wire_send(&moving, piece, sizeof(piece));
	}
	wire_answer(&moving, true, &answer);
	assert_int_equal(answer.status, 202);
	assert_true(wire_is_closed(&still));
	wire_close(&still);
	wire_close(&moving);
}

static int64_t count(const struct api *api, const char *sql)
{
	return strtoll(promo_test_sql(api->database, "%s", sql), NULL, 10);
}

static void dawdle(const struct api *api, const char *seconds)
{
	(void)promo_test_sql(api->database,
		"CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"PERFORM pg_sleep(%s); RETURN NEW; END $$; CREATE OR REPLACE TRIGGER dawdle BEFORE "
		"INSERT ON upload_parts FOR EACH ROW EXECUTE FUNCTION dawdle()",
		seconds);
}

static void hurry(const struct api *api)
{
	(void)promo_test_sql(api->database, "DROP TRIGGER IF EXISTS dawdle ON upload_parts");
}

/* Where the database takes too long to store it, the file is refused in time, and not there later. */
static void test_stored_too_slowly(void **state)
{
	const char *const options[] = { "--answer-timeout", "2", NULL };
	struct api *api = *state;
	struct wire_answer answer;
	struct wire wire;

	dawdle(api, "1");
	(void)promo_test_sql(api->database, "DELETE FROM jobs");
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database, options);
	begin(&wire, api, api->token, 160 * PIECE, "");
	for (int i = 0; i < 160; i++)
		wire_send(&wire, piece, sizeof(piece));
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 503);
	assert_non_null(strstr(answer.body, "nothing of it is imported"));
	wire_close(&wire);
	/* Nobody is still at it when the daemon has ended. */
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	assert_string_equal(promo_test_sql(api->database, "SELECT count(*) FROM jobs"), "0");
	hurry(api);
	promo_test_daemon_start_again(&api->daemon, api->database, NULL);
}

/* While a file is stored others are served, by the only worker; nobody sees anything of it before it is
 * whole, and no transaction is longer than one of its parts. With PROMO_FAULT_LONG it is the largest file
 * that is taken. */
static void test_others_have_their_turn(void **state)
{
	const char *const options[] = { "--workers", "1", NULL };
	const int parts = getenv("PROMO_FAULT_LONG") ? 1024 : 8;
	struct api *api = *state;
	struct wire_answer answer;
	struct api_answer *other = malloc(sizeof(*other));
	struct wire wire;
	int served = 0, in_between = 0;

	assert_non_null(other);
	if (parts < 1024)
		dawdle(api, "0.1");
	(void)promo_test_sql(api->database, "DELETE FROM jobs; DELETE FROM uploads");
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database, options);
	begin(&wire, api, api->token, parts * 16 * PIECE, "");
	for (int i = 0; i < parts * 16; i++)
		wire_send(&wire, piece, sizeof(piece));
	/* By one look: the job is there with the last part and not before. */
	for (;;) {
		const int64_t stored = count(api,
			"SELECT CASE WHEN EXISTS (SELECT FROM jobs WHERE kind = 'import') THEN -1 "
			"ELSE (SELECT count(*) FROM upload_parts) END");

		if (stored < 0)
			break;
		in_between += stored > 0 && stored < parts;
		assert_int_equal(API(api, other, .method = "GET", .path = "/api/v1/jobs",
					 .token = api->token),
			200);
		served += strstr(other->body, "import") == NULL;
	}
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 202);
	assert_true(served >= 4 && in_between >= 4);
	wire_close(&wire);
	hurry(api);
	free(other);
}

/* Of a file whose daemon is killed while it is stored nothing is imported, and nothing is left. */
static void test_killed_while_storing(void **state)
{
	struct api *api = *state;
	struct wire wire;
	int64_t deadline_ms;

	dawdle(api, "0.1");
	(void)promo_test_sql(api->database, "DELETE FROM jobs; DELETE FROM uploads");
	begin(&wire, api, api->token, 160 * PIECE, "");
	for (int i = 0; i < 160; i++)
		wire_send(&wire, piece, sizeof(piece));
	while (count(api, "SELECT count(*) FROM upload_parts") < 2)
		(void)poll(NULL, 0, 5);
	(void)promo_test_daemon_end(&api->daemon, SIGKILL);
	wire_close(&wire);
	assert_in_range(count(api, "SELECT count(*) FROM upload_parts"), 2, 9);
	assert_int_equal(count(api, "SELECT count(*) FROM jobs"), 0);
	hurry(api);
	/* Somebody may still be at it, for all that the others know; an hour later nobody is. */
	(void)promo_test_sql(api->database,
		"INSERT INTO uploads SELECT gen_random_uuid() FROM generate_series(1, 12); "
		"UPDATE uploads SET touched_at = now() - interval '61 min'; "
		"INSERT INTO uploads VALUES (gen_random_uuid(), now())");
	promo_test_daemon_start_again(&api->daemon, api->database, NULL);
	deadline_ms = promo_monotonic_ms() + GONE_MS;
	while (count(api, "SELECT count(*) FROM uploads") > 1) {
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, 5);
	}
	assert_int_equal(count(api, "SELECT count(*) FROM upload_parts"), 0);
	assert_int_equal(count(api, "SELECT count(*) FROM uploads"), 1);
}

static int set_up(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	memset(piece, 'A', sizeof(piece));
	memcpy(piece, "code\n", 5);
	for (size_t i = 39; i < sizeof(piece); i += 40)
		piece[i] = '\n';
	api_batch(api, "UPLOAD", 1, batch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked_before),
		cmocka_unit_test(test_broken_off),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_stored_too_slowly),
		cmocka_unit_test(test_others_have_their_turn),
		cmocka_unit_test(test_killed_while_storing),
	};

	return cmocka_run_group_tests(tests, set_up, api_teardown);
}
