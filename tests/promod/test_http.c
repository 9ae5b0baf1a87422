/* SPDX-License-Identifier: MIT */
/* The HTTP layer answers every request of up to 1,000 connections at once, in order, keeps its
 * limits, and survives clients that leave, trickle or never end. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "tests/lib/wire.h"
#include "tests/promod/stub.h"

static struct stub stub;

static int start(void **state)
{
	(void)state;
	stub_start(&stub, &stub_config);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	stub_stop(&stub);
	assert_int_equal(stub.begun, stub.ended);
	return 0;
}

/* Waits until a counter of the server has a value. */
static void wait_for(atomic_int *counter, int value)
{
	int64_t until_ms = promo_monotonic_ms() + WIRE_TIMEOUT_S * 1000;

	while (*counter != value && promo_monotonic_ms() < until_ms)
		(void)poll(NULL, 0, 1);
	assert_int_equal(*counter, value);
}

static void test_one_connection(void **state)
{
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	wire_open(&wire, stub.port);
	assert_int_equal(wire_get(&wire, "/now", &answer), 200);
	assert_memory_equal(answer.body, "now", answer.body_size);
	assert_int_equal(wire_get(&wire, "/later", &answer), 200);
	assert_memory_equal(answer.body, "later", answer.body_size);
	assert_int_equal(wire_get(&wire, "/nowhere", &answer), 404);
	wire_close(&wire);
}

/* Each connection sends its next request when it has its answer. */
static void load(int connections, int requests)
{
	static const char request[] = "GET /later HTTP/1.1\r\nHost: test\r\n\r\n";
	struct wire *wires = calloc((size_t)connections, sizeof(*wires));
	struct pollfd *polls = calloc((size_t)connections, sizeof(*polls));
	int *left = calloc((size_t)connections, sizeof(*left));
	int64_t began_ms = promo_monotonic_ms();
	int open = connections;

	for (int i = 0; i < connections; i++) {
		wire_open(&wires[i], stub.port);
		polls[i] = (struct pollfd){ .fd = wires[i].fd, .events = POLLIN };
		left[i] = requests;
		wire_text(&wires[i], request);
	}
	while (open > 0) {
		int ready = poll(polls, (nfds_t)connections, WIRE_TIMEOUT_S * 1000);

		if (ready == 0)
			print_error("%d of %d connections hang\n", open, connections);
		assert_true(ready > 0);
		for (int i = 0; i < connections; i++) {
			struct wire_answer answer;

			if (!polls[i].revents)
				continue;
			wire_answer(&wires[i], true, &answer);
			assert_int_equal(answer.status, 200);
			if (--left[i] > 0) {
				wire_text(&wires[i], request);
			} else {
				polls[i].fd = -1;
				open--;
			}
		}
	}
	/* A loop that forgets the library is woken by its next look at deadlines, every 250 ms. */
	assert_in_range(promo_monotonic_ms() - began_ms, 0, 5000 + requests * 100);
	for (int i = 0; i < connections; i++)
		wire_close(&wires[i]);
	free(wires);
	free(polls);
	free(left);
	assert_int_equal(stub.answered, connections * requests);
	wait_for(&stub.ended, connections * requests);
}

static void test_load_1(void **state)
{
	(void)state;
	load(1, 200);
}

static void test_load_128(void **state)
{
	(void)state;
	load(128, 40);
}

static void test_load_256(void **state)
{
	(void)state;
	load(256, 30);
}

static void test_load_512(void **state)
{
	(void)state;
	load(512, 20);
}

static void test_load_1000(void **state)
{
	(void)state;
	load(1000, 10);
}

static void test_more_than_the_limit(void **state)
{
	struct promod_http_config config = stub_config;

	(void)state;
	config.connections_max = 8;
	config.idle_timeout_ms = 100;
	stub_start(&stub, &config);
	/* Those that come later are taken when the first ones have been idle for long enough. */
	load(40, 3);
	stub_stop(&stub);
}

static void test_pipelining(void **state)
{
	struct wire wire;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n"
			 "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n1234567"
			 "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"
			 "GET /later HTTP/1.1\r\nHost: a\r\n\r\n"
			 "HEAD /now HTTP/1.1\r\nHost: a\r\n\r\n"
			 "GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
	for (int i = 0; i < 6; i++) {
		static const char *const bodies[] = { "later", "7", "now", "later", "", "now" };
		struct wire_answer answer;

		wire_answer(&wire, i != 4, &answer);
		assert_int_equal(answer.status, 200);
		assert_int_equal(answer.body_size, strlen(bodies[i]));
		if (answer.body)
			assert_memory_equal(answer.body, bodies[i], answer.body_size);
	}
	wire_close(&wire);
}

static void test_head(void **state)
{
	struct wire wire;
	struct wire_answer answer;
	char length[16];

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, "HEAD /now HTTP/1.1\r\nHost: a\r\n\r\n");
	wire_answer(&wire, false, &answer);
	assert_int_equal(answer.status, 200);
	wire_field(&answer, "Content-Length", length, sizeof(length));
	assert_string_equal(length, "3");
	wire_text(&wire, "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
	wire_answer(&wire, false, &answer);
	assert_int_equal(answer.status, 200);
	/* What would be sent in chunks ends its connection here: see make_response(). */
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
	wait_for(&stub.sources_closed, 1);
}

static void test_http_1_0(void **state)
{
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, "GET /later HTTP/1.0\r\n\r\n");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 200);
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
}

/* A byte at a time, the head and a chunked body. */
static void test_byte_by_byte(void **state)
{
	static const char request[] = "POST /echo HTTP/1.1\r\nHost: a\r\n"
				      "Transfer-Encoding: chunked\r\n\r\n"
				      "5\r\nabcde\r\nB\r\n12345678901\r\n0\r\n\r\n";
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	wire_open(&wire, stub.port);
	for (size_t i = 0; request[i]; i++)
		wire_send(&wire, &request[i], 1);
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 200);
	assert_memory_equal(answer.body, "16", 2);
	wire_close(&wire);
}

static void test_abort_while_suspended(void **state)
{
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	for (int i = 0; i < 500; i++) {
		wire_open(&wire, stub.port);
		wire_text(&wire, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
		if (i % 2)
			assert_return_code(
				setsockopt(wire.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)),
				0);
		wire_close(&wire);
	}
	wire_open(&wire, stub.port);
	assert_int_equal(wire_get(&wire, "/later", &answer), 200);
	wire_close(&wire);
}

/* What ends in the middle of a head or of a body. */
static void test_abort_while_reading(void **state)
{
	static const char *const pieces[] = { "", "GE", "GET /now HTTP/1.1\r\n",
		"GET /now HTTP/1.1\r\nHost: a\r\n",
		"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc" };
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(pieces); i++) {
		wire_open(&wire, stub.port);
		wire_text(&wire, pieces[i]);
		wire_close(&wire);
	}
	wire_open(&wire, stub.port);
	assert_int_equal(wire_get(&wire, "/now", &answer), 200);
	wire_close(&wire);
}

/* Sends a piece every 50 ms until the server has had enough. */
static void trickle(const char *begin, const char *piece)
{
	struct wire wire;
	int64_t began_ms = promo_monotonic_ms();
	struct pollfd closed;

	wire_open(&wire, stub.port);
	closed = (struct pollfd){ .fd = wire.fd, .events = POLLIN };
	wire_text(&wire, begin);
	while (poll(&closed, 1, 50) == 0)
		if (!wire_try(&wire, piece, strlen(piece)))
			break;
	assert_true(wire_is_closed(&wire));
	assert_in_range(promo_monotonic_ms() - began_ms, 200, 5000);
	wire_close(&wire);
}

static void test_slow_clients(void **state)
{
	struct promod_http_config config = stub_config;
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	config.request_timeout_ms = 500;
	config.idle_timeout_ms = 1000;
	stub_start(&stub, &config);
	trickle("", "");
	trickle("GET /", "a");
	trickle("GET /now HTTP/1.1\r\nHost: a\r\n", "X: y\r\n");
	trickle("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n", "x");
	trickle("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
		"1\r\nx\r\n");
	/* Between two requests, too. */
	trickle("GET /now HTTP/1.1\r\nHost: a\r\n\r\n", "");
	/* A client that behaves does not notice. */
	wire_open(&wire, stub.port);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(wire_get(&wire, "/later", &answer), 200);
		(void)poll(NULL, 0, 20);
	}
	wire_close(&wire);
	stub_stop(&stub);
	assert_int_equal(stub.begun, stub.ended);
}

static void test_no_answer_in_time(void **state)
{
	struct promod_http_config config = stub_config;
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	config.answer_timeout_ms = 300;
	stub_start(&stub, &config);
	wire_open(&wire, stub.port);
	assert_int_equal(wire_get(&wire, "/never", &answer), 503);
	assert_memory_equal(answer.body, "outcome_unknown", answer.body_size);
	assert_int_equal(wire_get(&wire, "/now", &answer), 200);
	wire_close(&wire);
	stub_stop(&stub);
}

static void test_stream(void **state)
{
	static const char request[] = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";
	char *all = malloc(1024 * 1024);
	size_t size = 0;
	struct wire wire;
	ssize_t got;
	char *line;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, request);
	do {
		got = recv(wire.fd, all + size, 1024 * 1024 - 1 - size, 0);
		assert_true(got > 0);
		size += (size_t)got;
		all[size] = '\0';
	} while (size < 5 || strcmp(all + size - 5, "0\r\n\r\n") != 0);
	line = strstr(all, "0000000\n");
	assert_non_null(line);
	assert_non_null(strstr(line, "0099999\n"));
	wire_close(&wire);
	wait_for(&stub.ended, 1);
	assert_int_equal(stub.sources_closed, 1);
	assert_int_equal(stub.bytes, 800000);
	free(all);
}

/* A part is never passed for the whole: the last chunk does not come. */
static void test_broken_stream(void **state)
{
	char *all = calloc(1, 1024 * 1024);
	size_t size = 0;
	struct wire wire;
	ssize_t got;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, "GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
	while ((got = recv(wire.fd, all + size, 1024 * 1024 - 1 - size, 0)) > 0)
		size += (size_t)got;
	assert_true(size > 100000 && size < 800000);
	assert_string_not_equal(all + size - 5, "0\r\n\r\n");
	wire_close(&wire);
	wait_for(&stub.ended, 1);
	assert_int_equal(stub.sources_closed, 1);
	free(all);
}

static void test_client_leaves_stream(void **state)
{
	struct wire wire;
	struct wire_answer answer;
	char bytes[1000];

	(void)state;
	for (int i = 0; i < 20; i++) {
		wire_open(&wire, stub.port);
		wire_text(&wire, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
		assert_true(recv(wire.fd, bytes, sizeof(bytes), 0) > 0);
		wire_close(&wire);
	}
	wire_open(&wire, stub.port);
	assert_int_equal(wire_get(&wire, "/now", &answer), 200);
	wire_close(&wire);
	wait_for(&stub.sources_closed, 20);
}

/* What is under way is answered, and its connection closed; nobody new is let in. */
static void test_drain(void **state)
{
	enum {
		CLIENTS = 100
	};
	struct wire wires[CLIENTS], idle;
	struct wire_answer answer;

	(void)state;
	wire_open(&idle, stub.port);
	assert_int_equal(wire_get(&idle, "/now", &answer), 200);
	for (int i = 0; i < CLIENTS; i++) {
		wire_open(&wires[i], stub.port);
		wire_text(&wires[i], "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
	}
	wait_for(&stub.begun, CLIENTS + 1);
	stub_drain(&stub);
	for (int i = 0; i < CLIENTS; i++) {
		wire_answer(&wires[i], true, &answer);
		assert_int_equal(answer.status, 200);
		assert_true(wire_is_closed(&wires[i]));
		wire_close(&wires[i]);
	}
	assert_true(wire_is_closed(&idle));
	wire_close(&idle);
	stub_stop(&stub);
	assert_int_equal(stub.begun, stub.ended);
}

/* Stopped with requests that nobody answered and streams in the middle. */
static void test_stop_at_once(void **state)
{
	enum {
		CLIENTS = 50
	};
	struct wire wires[CLIENTS];

	(void)state;
	stub_start(&stub, &stub_config);
	for (int i = 0; i < CLIENTS; i++) {
		wire_open(&wires[i], stub.port);
		wire_text(&wires[i], i % 2 ? "GET /never HTTP/1.1\r\nHost: a\r\n\r\n"
					   : "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
	}
	wait_for(&stub.begun, CLIENTS);
	stub_stop(&stub);
	assert_int_equal(stub.begun, stub.ended);
	assert_int_equal(stub.sources_closed, CLIENTS / 2);
	for (int i = 0; i < CLIENTS; i++)
		wire_close(&wires[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_connection, start, stop),
		cmocka_unit_test_setup_teardown(test_load_1, start, stop),
		cmocka_unit_test_setup_teardown(test_load_128, start, stop),
		cmocka_unit_test_setup_teardown(test_load_256, start, stop),
		cmocka_unit_test_setup_teardown(test_load_512, start, stop),
		cmocka_unit_test_setup_teardown(test_load_1000, start, stop),
		cmocka_unit_test(test_more_than_the_limit),
		cmocka_unit_test_setup_teardown(test_pipelining, start, stop),
		cmocka_unit_test_setup_teardown(test_head, start, stop),
		cmocka_unit_test_setup_teardown(test_http_1_0, start, stop),
		cmocka_unit_test_setup_teardown(test_byte_by_byte, start, stop),
		cmocka_unit_test_setup_teardown(test_abort_while_suspended, start, stop),
		cmocka_unit_test_setup_teardown(test_abort_while_reading, start, stop),
		cmocka_unit_test(test_slow_clients),
		cmocka_unit_test(test_no_answer_in_time),
		cmocka_unit_test_setup_teardown(test_stream, start, stop),
		cmocka_unit_test_setup_teardown(test_broken_stream, start, stop),
		cmocka_unit_test_setup_teardown(test_client_leaves_stream, start, stop),
		cmocka_unit_test_setup(test_drain, start),
		cmocka_unit_test(test_stop_at_once),
	};
	struct rlimit files;

	/* Both ends of 1,000 connections are here. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
