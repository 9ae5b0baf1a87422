/* SPDX-License-Identifier: MIT */
/* Proves that a download is either whole or refused, and that a server cannot choose where it is
 * stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_batch.h"
#include "libpromo/client/client.h"
#include "tests/client/server.h"

#define ID    "0190a1b2-c3d4-7abc-8def-0123456789ab"
#define START "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"

struct sink {
	char bytes[100];
	size_t size;
	int result; /* of the next write */
};

static int take(void *context, const void *bytes, size_t size)
{
	struct sink *sink = context;

	if (sink->result)
		return sink->result;
	assert_true(sink->size + size < sizeof(sink->bytes));
	memcpy(sink->bytes + sink->size, bytes, size);
	sink->size += size;
	return 0;
}

/* One download from a server with this script; the caller looks at what it left behind. */
struct fetched {
	int result;
	size_t requests;
	struct sink sink;
	struct promo_download download;
	struct promo_problem problem;
	struct promo_arena *arena;
};

static struct fetched fetch(const struct step *steps, size_t count, int write_result)
{
	struct server *server = server_start(steps, count);
	/* When a stream stalls, libcurl's own timer of the connecting is long over. */
	const struct promo_client_config config = {
		.server = server->address, .connect_timeout_ms = 300, .timeout_ms = 1500
	};
	const struct promo_code_download_in in = { .id = ID };
	struct fetched fetched = { .arena = promo_arena_new(1024 * 1024),
		.sink = { .result = write_result } };
	struct promo_client *client;
	struct promo_reply reply;

	assert_int_equal(promo_client_new(&config, &client), 0);
	fetched.result = promo_client_download(client, &promo_op_code_download, &in, take,
		&fetched.sink, fetched.arena, &reply, &fetched.download);
	fetched.problem = reply.problem;
	promo_client_free(client);
	server_stop(server);
	fetched.requests = server->requests;
	server_free(server);
	return fetched;
}

static void test_whole_by_length(void **state)
{
	static const struct step step = {
		.bytes = START "Content-Disposition: attachment; filename=\"codes.csv\"\r\n"
			       "Content-Length: 6\r\n\r\na,b\r\n1"
	};
	struct fetched f = fetch(&step, 1, 0);

	(void)state;
	assert_int_equal(f.result, 0);
	assert_string_equal(f.sink.bytes, "a,b\r\n1");
	assert_int_equal(f.download.bytes, 6);
	assert_string_equal(f.download.filename, "codes.csv");
	promo_arena_free(f.arena);
}

static void test_whole_by_chunks(void **state)
{
	static const struct step step = {
		.bytes = START "Transfer-Encoding: chunked\r\n\r\n3\r\na,b\r\n1\r\n1\r\n0\r\n\r\n"
	};
	struct fetched f = fetch(&step, 1, 0);

	(void)state;
	assert_int_equal(f.result, 0);
	assert_string_equal(f.sink.bytes, "a,b1");
	assert_null(f.download.filename);
	promo_arena_free(f.arena);
}

static void test_nothing_is_whole_too(void **state)
{
	static const struct step step = { .bytes = START "Content-Length: 0\r\n\r\n" };
	struct fetched f = fetch(&step, 1, 0);

	(void)state;
	assert_int_equal(f.result, 0);
	assert_int_equal(f.download.bytes, 0);
	promo_arena_free(f.arena);
}

/* Bytes that were handed out cannot be taken back: no second try. */
static void test_what_is_cut_is_refused(void **state)
{
	static const struct step cut[] = {
		{ .bytes = START "Content-Length: 60\r\n\r\na,b", .end = STEP_CLOSE },
		{ .bytes = START "Transfer-Encoding: chunked\r\n\r\n3\r\na,b\r\n",
			.end = STEP_CLOSE },
		{ .bytes = START "Transfer-Encoding: chunked\r\n\r\n9\r\na,b", .end = STEP_CLOSE },
		{ .bytes = START "Connection: close\r\n\r\na,b", .end = STEP_CLOSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cut) / sizeof(*cut); i++) {
		struct fetched f = fetch(&cut[i], 1, 0);

		assert_int_equal(f.result, PROMO_E_UNAVAILABLE);
		assert_int_equal(f.requests, 1);
		assert_non_null(f.problem.detail);
		promo_arena_free(f.arena);
	}
}

static void test_tries_again_before_the_first_byte(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE },
		{ .bytes = START "Content-Length: 60\r\n\r\n", .end = STEP_CLOSE },
		{ .bytes = START "Content-Length: 1\r\n\r\nx" } };
	struct fetched f = fetch(steps, 3, 0);

	(void)state;
	assert_int_equal(f.result, 0);
	assert_string_equal(f.sink.bytes, "x");
	promo_arena_free(f.arena);
}

static void test_stops_when_nothing_comes(void **state)
{
	static const struct step step = { .bytes = START "Content-Length: 60\r\n\r\na,b" };
	struct fetched f = fetch(&step, 1, 0);

	(void)state;
	assert_int_equal(f.result, PROMO_E_UNAVAILABLE);
	assert_non_null(strstr(f.problem.detail, "in time"));
	promo_arena_free(f.arena);
}

static void test_the_writer_can_stop_it(void **state)
{
	static const struct step step = { .bytes = START "Content-Length: 3\r\n\r\na,b" };
	struct fetched f = fetch(&step, 1, -28);

	(void)state;
	assert_int_equal(f.result, -28);
	assert_int_equal(f.requests, 1);
	promo_arena_free(f.arena);
}

/* The body of a refusal is no part of the file. */
static void test_a_refusal(void **state)
{
	static const struct step step = { .bytes = "HTTP/1.1 404 Not Found\r\n",
		.body = "{\"code\":\"not_found\",\"detail\":\"gone\"}" };
	struct fetched f = fetch(&step, 1, 0);

	(void)state;
	assert_int_equal(f.result, PROMO_E_NOT_FOUND);
	assert_string_equal(f.problem.detail, "gone");
	assert_int_equal(f.sink.size, 0);
	promo_arena_free(f.arena);
}

static void test_names_that_are_paths(void **state)
{
	static const char *const names[] = { "../../etc/passwd", ".bashrc", "-rf", "a\\b", "",
		"a/b" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char bytes[300];
		struct step step = { .bytes = bytes };
		struct fetched f;

		(void)snprintf(bytes, sizeof(bytes),
			START "Content-Disposition: attachment; filename=\"%s\"\r\n"
			      "Content-Length: 1\r\n\r\nx",
			names[i]);
		f = fetch(&step, 1, 0);
		assert_int_equal(f.result, 0);
		assert_null(f.download.filename);
		promo_arena_free(f.arena);
	}
}

static int restart(void *context)
{
	struct sink *sink = context;

	sink->size = 0;
	return sink->result;
}

static int resume(const char *answer, struct sink *sink)
{
	const struct step step = { .bytes = answer };
	struct server *server = server_start(&step, 1);
	const struct promo_client_config config = { .server = server->address, .timeout_ms = 1500 };
	const struct promo_code_download_in in = { .id = ID };
	const struct promo_resume from = { "\"same\"", 4, restart };
	struct promo_arena *arena = promo_arena_new(1024 * 1024);
	struct promo_client *client;
	struct promo_download download;
	struct promo_reply reply;
	int r;

	assert_int_equal(promo_client_new(&config, &client), 0);
	r = promo_client_resume(
		client, &promo_op_code_download, &in, &from, take, sink, arena, &reply, &download);
	promo_client_free(client);
	server_stop(server);
	assert_non_null(strstr(server->texts[0], "Range: bytes=4-\r\n"));
	assert_non_null(strstr(server->texts[0], "If-Range: \"same\"\r\n"));
	server_free(server);
	promo_arena_free(arena);
	return r;
}

/* The rest is put behind what came, the whole of another file in its place, and another part nowhere. */
static void test_goes_on(void **state)
{
	static const char part[] = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes ";
	char answer[200];
	struct sink sink = { .bytes = "a,b\n", .size = 4 };

	(void)state;
	(void)snprintf(answer, sizeof(answer), "%s4-5/6\r\nContent-Length: 2\r\n\r\n1\n", part);
	assert_int_equal(resume(answer, &sink), 0);
	assert_string_equal(sink.bytes, "a,b\n1\n");
	assert_int_equal(resume(START "Content-Length: 2\r\n\r\nxy", &sink), 0);
	assert_int_equal(sink.size, 2);
	assert_memory_equal(sink.bytes, "xy", 2);
	(void)snprintf(answer, sizeof(answer), "%s0-1/6\r\nContent-Length: 2\r\n\r\na,", part);
	assert_int_equal(resume(answer, &sink), PROMO_E_UNAVAILABLE);
	assert_int_equal(sink.size, 2);
	sink.result = -28;
	assert_int_equal(resume(START "Content-Length: 2\r\n\r\nxy", &sink), -28);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole_by_length),
		TEST(test_whole_by_chunks),
		TEST(test_nothing_is_whole_too),
		TEST(test_what_is_cut_is_refused),
		TEST(test_tries_again_before_the_first_byte),
		TEST(test_stops_when_nothing_comes),
		TEST(test_the_writer_can_stop_it),
		TEST(test_a_refusal),
		TEST(test_goes_on),
		TEST(test_names_that_are_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
