/* SPDX-License-Identifier: MIT */
/* The guard lets through what has one meaning only, and names the reason for the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/error.h"
#include "libpromo/base/macros.h"
#include "promod/guard.h"

enum {
	BYTES_MAX = 16 * 1024,
	FIELDS = 4
};

struct field {
	const char *name, *value;
};

static int judge(const char *method, const char *target, const char *version,
	const struct field *fields, struct promod_framing *ret)
{
	struct promod_header headers[FIELDS];
	struct promod_head head = { method, target, version, headers, 0 };
	const char *why = NULL;
	int r;

	for (; head.header_count < FIELDS && fields[head.header_count].name; head.header_count++) {
		const struct field *field = &fields[head.header_count];

		headers[head.header_count].name =
			(struct promod_text){ field->name, strlen(field->name) };
		headers[head.header_count].value =
			(struct promod_text){ field->value, strlen(field->value) };
	}
	r = promod_guard(&head, BYTES_MAX, ret, &why);
	assert_true(r == 0 || why != NULL);
	return r;
}

static void test_fields(void **state)
{
	static const struct {
		struct field fields[FIELDS];
		int result;
	} cases[] = {
		{ { { "Host", "a" } }, 0 },
		{ { { "host", "a" }, { "Content-Length", "5" } }, 0 },
		{ { { "Host", "a" }, { "Transfer-Encoding", "chunked" } }, 0 },
		{ { { "Host", "a" }, { "Transfer-Encoding", "Chunked" } }, 0 },
		{ { { "Host", "a" }, { "X", "" } }, 0 },
		{ { { "Host", "a" }, { "X", "a\tb" } }, 0 },
		{ { { "Host", "a" }, { "X", "\xc3\xa9" } }, 0 },
		{ { { "Host", "a" }, { "Accept", "a" }, { "Accept", "b" } }, 0 },
		{ { { NULL } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Host", "a" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "hOST", "b" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "5" }, { "Content-Length", "5" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "5" }, { "content-length", "6" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "5, 5" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "+5" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "-5" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "0x5" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "5 5" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "1000000000000000000" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Content-Length", "5" },
			  { "Transfer-Encoding", "chunked" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding", "xchunked" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding", "gzip, chunked" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding", "identity" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding", "" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding", "chunked " } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding", "chunked" },
			  { "Transfer-Encoding", "chunked" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Transfer-Encoding ", "chunked" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "X\t", "y" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "", "y" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "a(b", "y" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "\xc3\xa9", "y" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "X", "a\x01" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "X", "a\rb" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "X", "a\x7f" } }, PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Authorization", "a" }, { "authorization", "b" } },
			PROMO_E_MALFORMED_REQUEST },
		{ { { "Host", "a" }, { "Idempotency-Key", "a" }, { "Idempotency-Key", "b" } },
			PROMO_E_MALFORMED_REQUEST },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promod_framing framing;
		int r = judge("POST", "/", "HTTP/1.1", cases[i].fields, &framing);

		if (r != cases[i].result)
			print_error("case %zu\n", i);
		assert_int_equal(r, cases[i].result);
	}
}

static void test_request_line(void **state)
{
	static const struct {
		const char *method, *target, *version;
		int result;
	} cases[] = {
		{ "GET", "/", "HTTP/1.1", 0 },
		{ "GET", "/a?b=%20", "HTTP/1.0", 0 },
		{ "OPTIONS", "*", "HTTP/1.1", 0 },
		{ "BREW", "/", "HTTP/1.1", 0 },
		{ "GET", "/", "HTTP/1.2", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "/", "HTTP/2.0", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "/", "http/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "/", "", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "a", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "http://a/", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "/a b", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "/\xc3\xa9", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GET", "/a#b", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "GE(T", "/", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
		{ "", "/", "HTTP/1.1", PROMO_E_MALFORMED_REQUEST },
	};
	static const struct field host[FIELDS] = { { "Host", "a" } };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promod_framing framing;
		int r = judge(cases[i].method, cases[i].target, cases[i].version, host, &framing);

		if (r != cases[i].result)
			print_error("case %zu\n", i);
		assert_int_equal(r, cases[i].result);
	}
}

static void test_framing(void **state)
{
	static const struct field length[FIELDS] = { { "Host", "a" },
		{ "Content-Length", "00123" } };
	static const struct field chunks[FIELDS] = { { "Host", "a" },
		{ "Transfer-Encoding", "chunked" }, { "Expect", "100-Continue" } };
	static const struct field none[FIELDS] = { { NULL } };
	struct promod_framing framing;

	(void)state;
	assert_int_equal(judge("POST", "/", "HTTP/1.1", length, &framing), 0);
	assert_int_equal(framing.content_length, 123);
	assert_false(framing.chunked);
	assert_false(framing.expects_continue);
	assert_int_equal(judge("POST", "/", "HTTP/1.1", chunks, &framing), 0);
	assert_int_equal(framing.content_length, 0);
	assert_true(framing.chunked);
	assert_true(framing.expects_continue);
	/* HTTP/1.0 needs no Host and knows no chunks. */
	assert_int_equal(judge("GET", "/", "HTTP/1.0", none, &framing), 0);
	assert_int_equal(
		judge("POST", "/", "HTTP/1.0", chunks, &framing), PROMO_E_MALFORMED_REQUEST);
}

static void test_sizes(void **state)
{
	static char large[BYTES_MAX], path[PROMOD_TARGET_MAX + 2];
	struct promod_header headers[PROMOD_HEADERS_MAX + 1];
	struct promod_head head = { "GET", "/", "HTTP/1.1", headers, 0 };
	struct promod_framing framing;
	const char *why;

	(void)state;
	headers[0] = (struct promod_header){ { "Host", 4 }, { "a", 1 } };
	for (size_t i = 1; i < PROMOD_HEADERS_MAX; i++)
		headers[i] = (struct promod_header){ { "X", 1 }, { "y", 1 } };
	head.header_count = PROMOD_HEADERS_MAX;
	assert_int_equal(promod_guard(&head, BYTES_MAX, &framing, &why), 0);
	head.header_count = PROMOD_HEADERS_MAX + 1;
	assert_int_equal(promod_guard(&head, BYTES_MAX, &framing, &why), PROMO_E_HEADERS_TOO_LARGE);

	memset(large, 'a', sizeof(large));
	head.header_count = 2;
	headers[1].value = (struct promod_text){ large, BYTES_MAX - 100 };
	assert_int_equal(promod_guard(&head, BYTES_MAX, &framing, &why), 0);
	headers[1].value.size = BYTES_MAX;
	assert_int_equal(promod_guard(&head, BYTES_MAX, &framing, &why), PROMO_E_HEADERS_TOO_LARGE);

	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	head.header_count = 1;
	head.target = path;
	assert_int_equal(promod_guard(&head, BYTES_MAX, &framing, &why), PROMO_E_HEADERS_TOO_LARGE);
}

static void test_find(void **state)
{
	struct promod_header headers[] = { { { "Authorization", 13 }, { " \tBearer x ", 11 } } };
	struct promod_head head = { "GET", "/", "HTTP/1.1", headers, 1 };
	struct promod_text text;

	(void)state;
	assert_true(promod_head_find(&head, "authorization", &text));
	assert_int_equal(text.size, 8);
	assert_memory_equal(text.at, "Bearer x", 8);
	assert_false(promod_head_find(&head, "authorizatio", &text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_request_line),
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
