/* SPDX-License-Identifier: MIT */
/* On the wire: what two servers could read differently is refused and its connection closed; bodies
 * and heads stop at their limits with an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
	return 0;
}

#define END         "\r\n\r\n"
#define BYTES(text) (text), sizeof(text) - 1
#define OK_HEAD     "Host: a\r\n"

/* Expected: 200 and the connection is good for a second request; or a refusal, and it is closed. */
static const struct {
	const char *name, *request;
	size_t size;
	int status;
} battery[] = {
	{ "plain", BYTES("GET /now HTTP/1.1\r\n" OK_HEAD "\r\n"), 200 },
	{ "body", BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 3" END "abc"), 200 },
	{ "empty body", BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 0" END), 200 },
	{ "chunks",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked" END
		      "3\r\nabc\r\n0" END),
		200 },
	{ "chunk extension",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked" END
		      "3;a=b\r\nabc\r\n0" END),
		200 },
	{ "trailer",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked" END
		      "3\r\nabc\r\n0\r\nX: y" END),
		200 },
	{ "two lengths",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 3\r\nContent-Length: 4" END
		      "abcd"),
		400 },
	{ "two equal lengths",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 3\r\nContent-Length: 3" END
		      "abc"),
		400 },
	{ "list of lengths",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 3, 3" END "abc"), 400 },
	{ "signed length", BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: +3" END "abc"),
		400 },
	{ "negative length",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: -3" END "abc"), 400 },
	{ "hexadecimal length",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 0x3" END "abc"), 400 },
	{ "no length", BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: " END "abc"), 400 },
	{ "huge length",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD
		      "Content-Length: 99999999999999999999999" END "abc"),
		413 },
	{ "length and chunks",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD
		      "Content-Length: 3\r\nTransfer-Encoding: chunked" END "3\r\nabc\r\n0" END),
		400 },
	{ "chunks and length",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD
		      "Transfer-Encoding: chunked\r\nContent-Length: 3" END "3\r\nabc\r\n0" END),
		400 },
	{ "unknown encoding",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: xchunked" END "abc"),
		400 },
	{ "encoding list",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: gzip, chunked" END
		      "3\r\nabc\r\n0" END),
		400 },
	{ "encoding and a blank",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked " END
		      "3\r\nabc\r\n0" END),
		400 },
	{ "encoding after a tab",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding:\tchunked" END
		      "3\r\nabc\r\n0" END),
		200 },
	{ "two encodings",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD
		      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" END
		      "3\r\nabc\r\n0" END),
		400 },
	{ "blank before the colon",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD
		      "Transfer-Encoding : chunked\r\nContent-Length: 3" END "abc"),
		400 },
	{ "chunk size with 0x",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked" END
		      "0x3\r\nabc\r\n0" END),
		400 },
	{ "negative chunk size",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked" END
		      "-3\r\nabc\r\n0" END),
		400 },
	{ "huge chunk size",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked" END
		      "fffffffffffffffff\r\nabc\r\n0" END),
		413 },
	{ "no host", BYTES("GET /now HTTP/1.1" END), 400 },
	{ "two hosts", BYTES("GET /now HTTP/1.1\r\nHost: a\r\nHost: b" END), 400 },
	{ "NUL in the path", BYTES("GET /n\0ow HTTP/1.1\r\nHost: a" END), 400 },
	{ "NUL in a length",
		BYTES("POST /echo HTTP/1.1\r\n" OK_HEAD "Content-Length: 3\0 4" END "abc"), 400 },
	{ "NUL in a value", BYTES("GET /now HTTP/1.1\r\n" OK_HEAD "X: a\0b" END), 400 },
	{ "NUL in a name", BYTES("GET /now HTTP/1.1\r\n" OK_HEAD "X\0: a" END), 400 },
	{ "bare LF", BYTES("GET /now HTTP/1.1\r\nHost: a\nX: y" END), 400 },
	{ "control byte in a value", BYTES("GET /now HTTP/1.1\r\n" OK_HEAD "X: a\x01" END), 400 },
	{ "bad version", BYTES("GET /now HTTP/9.9\r\n" OK_HEAD "\r\n"), 505 },
	{ "no version", BYTES("GET /now\r\n" OK_HEAD "\r\n"), 400 },
	{ "blank in the path", BYTES("GET /n ow HTTP/1.1\r\n" OK_HEAD "\r\n"), 400 },
	{ "absolute form", BYTES("GET http://a/now HTTP/1.1\r\n" OK_HEAD "\r\n"), 400 },
};

static void test_battery(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(battery); i++) {
		struct wire wire;
		struct wire_answer answer;

		wire_open(&wire, stub.port);
		wire_send(&wire, battery[i].request, battery[i].size);
		wire_answer(&wire, true, &answer);
		if (answer.status != battery[i].status)
			print_error("%s: %d, not %d\n", battery[i].name, answer.status,
				battery[i].status);
		wrong += answer.status != battery[i].status;
		if (answer.status == 200)
			assert_int_equal(wire_get(&wire, "/now", &answer), 200);
		else
			assert_true(wire_is_closed(&wire));
		wire_close(&wire);
	}
	assert_int_equal(wrong, 0);
}

static char *filled(size_t size)
{
	char *bytes = malloc(size + 1);

	assert_non_null(bytes);
	memset(bytes, 'a', size);
	bytes[size] = '\0';
	return bytes;
}

static void test_large_heads(void **state)
{
	static const size_t sizes[] = { 15 * 1024, 17 * 1024, 30 * 1024, 100 * 1024 };
	static const int statuses[] = { 200, 431, 431, 431 };
	char *bytes = filled(100 * 1024);

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(sizes); i++) {
		struct wire wire;
		struct wire_answer answer;

		wire_open(&wire, stub.port);
		wire_text(&wire, "GET /now HTTP/1.1\r\nHost: a\r\nX: ");
		(void)wire_try(&wire, bytes, sizes[i]);
		(void)wire_try(&wire, END, 4);
		wire_answer(&wire, true, &answer);
		assert_int_equal(answer.status, statuses[i]);
		wire_close(&wire);
	}
	free(bytes);
}

static void test_many_fields(void **state)
{
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, "GET /now HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < 70; i++)
		wire_text(&wire, "X: y\r\n");
	wire_text(&wire, "\r\n");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 431);
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
}

static void test_large_body(void **state)
{
	const size_t size = 10 * 1024 * 1024;
	char *bytes = filled(size);
	char head[200];
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	(void)snprintf(head, sizeof(head),
		"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %zu" END, size);
	wire_open(&wire, stub.port);
	wire_text(&wire, head);
	wire_send(&wire, bytes, size);
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 413);
	wire_close(&wire);
	free(bytes);
}

/* 413 after what a client may be let finish; beyond it the connection is cut. */
static void test_large_chunked_body(void **state)
{
	static const int chunks[] = { 1, 15, 16, 17, 160, 320 };
	static const int statuses[] = { 200, 200, 413, 413, 413, 0 };
	const size_t chunk_size = 64 * 1024 + 1;
	char *bytes = filled(chunk_size);

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(chunks); i++) {
		struct wire wire;
		struct wire_answer answer;
		char line[32];

		wire_open(&wire, stub.port);
		wire_text(
			&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked" END);
		(void)snprintf(line, sizeof(line), "%zx\r\n", chunk_size);
		for (int k = 0; k < chunks[i]; k++)
			if (!wire_try(&wire, line, strlen(line)) ||
				!wire_try(&wire, bytes, chunk_size) || !wire_try(&wire, "\r\n", 2))
				break;
		(void)wire_try(&wire, "0" END, 5);
		wire_answer(&wire, true, &answer);
		assert_int_equal(answer.status, statuses[i]);
		wire_close(&wire);
	}
	free(bytes);
}

static void test_expect_continue(void **state)
{
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire,
		"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue" END);
	assert_true(wire_peek(&wire, "HTTP/1.1 100"));
	wire_text(&wire, "abc");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 200);
	/* What will be refused is refused before it is sent. */
	wire_text(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n"
			 "Expect: 100-continue" END);
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 413);
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
}

/* A refusal that does not depend on the body lets the body come and the connection go on. */
static void test_early_answer(void **state)
{
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	wire_open(&wire, stub.port);
	wire_text(&wire, "POST /gone HTTP/1.1\r\nHost: a\r\nContent-Length: 3" END "abc");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 404);
	assert_int_equal(wire_get(&wire, "/now", &answer), 200);
	wire_close(&wire);
}

/* All bodies together have a limit as well. */
static void test_memory_of_bodies(void **state)
{
	struct promod_http_config config = stub_config;
	char *bytes = filled(600 * 1024);
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	config.body_memory_max_bytes = 256 * 1024;
	stub_start(&stub, &config);
	wire_open(&wire, stub.port);
	wire_text(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 614400" END);
	wire_send(&wire, bytes, 600 * 1024);
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 503);
	/* What was refused gave its part back. */
	wire_text(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 204800" END);
	wire_send(&wire, bytes, 200 * 1024);
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 200);
	wire_close(&wire);
	stub_stop(&stub);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_battery, start, stop),
		cmocka_unit_test_setup_teardown(test_large_heads, start, stop),
		cmocka_unit_test_setup_teardown(test_many_fields, start, stop),
		cmocka_unit_test_setup_teardown(test_large_body, start, stop),
		cmocka_unit_test_setup_teardown(test_large_chunked_body, start, stop),
		cmocka_unit_test_setup_teardown(test_expect_continue, start, stop),
		cmocka_unit_test_setup_teardown(test_early_answer, start, stop),
		cmocka_unit_test(test_memory_of_bodies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
