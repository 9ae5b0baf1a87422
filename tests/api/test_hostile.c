/* SPDX-License-Identifier: MIT */
/* Proves with good inputs that were made bad by chance that decoding never crashes, never faults,
 * says what is wrong when it refuses, and that what it accepts is normal: sent again as it was
 * understood, it is understood the same. Argument: a seed, to see more than the usual ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_user.h"
#include "libpromo/api/route.h"
#include "libpromo/base/time.h"

enum {
	ROUNDS_MAX = 100000,
	TIME_MAX_MS = 1500,
	BODY_MAX = 2048,
	ARENA_MAX = 8 * 1024 * 1024
};

static uint64_t seed = 20261122;
static const struct promo_decode_env env = { .country_code = "250" };

/* xorshift64*: the same numbers everywhere. */
static uint32_t chance(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * UINT64_C(2685821657736338717)) >> 33) % below;
}

static const struct {
	const struct promo_op *op;
	const char *body;
} goods[] = {
	{ &promo_op_batch_create,
		"{\"batch_name\":\"SUMMER\",\"total_codes\":100,\"amount_per_code\":\"500.00\","
		"\"currency\":\"RWF\",\"expiration_date\":\"2027-06-30T10:00:00Z\","
		"\"description\":\"a\\nb \\u00e9\",\"assigned_user_id\":null,"
		"\"code_format\":\"XXXX-XXXX-XXXX\"}" },
	{ &promo_op_redemption_create,
		"{\"code\":\"A1U2-C325-5X09-6E21\",\"phone_number\":\"+250788123456\","
		"\"first_name\":\"Aline\",\"last_name\":null,\"note\":\"\"}" },
	{ &promo_op_fraud_report_create, "{\"code\":\"a1u2c3255x096e21\",\"phone_number\":\"0788 "
					 "123 456\",\"type\":\"other\","
					 "\"description\":\"twice\"}" },
	{ &promo_op_user_create,
		"{\"first_name\":\"A\",\"last_name\":\"B\",\"email\":\"a@example.com\","
		"\"password\":\"correct horse\",\"roles\":[\"support\",\"user\"]}" },
};

static const char *const splinters[] = { "null", "true", "[]", "{}", "\"\"", "-1", "1e400", "0.5",
	"99999999999999999999", "\\u0000", "\\ud800", "\\", "\"", ",", ":", "{", "}", "[", "]",
	"\xff", "\xc3", "\xe2\x80\xae", "\r\n", " ", "\\n", "\\u202e", "+250", "NaN", "2027-02-30",
	"~", "/", "\"code\":", "\"batch_name\":1," };

/* Changes the text in place, a few times; it stays below BODY_MAX. */
static size_t spoil(char *text, size_t size)
{
	for (uint32_t times = 1 + chance(4); times > 0; times--) {
		const char *splinter = splinters[chance(PROMO_COUNT(splinters))];
		const size_t at = size ? chance((uint32_t)size) : 0;
		size_t length;

		switch (chance(5)) {
		case 0:
			if (size)
				text[at] = (char)chance(256);
			break;
		case 1:
			length = size ? chance((uint32_t)(size - at)) % 20 : 0;
			memmove(text + at, text + at + length, size - at - length);
			size -= length;
			break;
		case 2:
			length = size ? chance((uint32_t)(size - at)) % 40 : 0;
			if (size + length >= BODY_MAX)
				break;
			memmove(text + at + length, text + at, size - at);
			size += length;
			break;
		case 3:
			size = at;
			break;
		default:
			length = strlen(splinter);
			if (size + length >= BODY_MAX)
				break;
			memmove(text + at + length, text + at, size - at);
			memcpy(text + at, splinter, length);
			size += length;
			break;
		}
	}
	return size;
}

static int decode(const struct promo_op *op, const char *body, size_t size,
	struct promo_arena *arena, struct promo_problem *problem, void *in)
{
	const struct promo_input input = { .body = body, .body_size = size };

	*problem = (struct promo_problem){ 0 };
	return promo_decode_input(op, &input, &env, arena, problem, in);
}

static void check_normal(const struct promo_op *op, const void *in, struct promo_arena *arena)
{
	void *again = promo_arena_alloc(arena, op->in->size);
	const char *address, *body, *first, *second;
	struct promo_problem problem;

	assert_int_equal(promo_encode_input(op, in, arena, &address, &body), 0);
	if (decode(op, body, strlen(body), arena, &problem, again))
		fail_msg("refused what it had understood: %s", body);
	assert_int_equal(promo_encode_canonical(op, in, arena, &first), 0);
	assert_int_equal(promo_encode_canonical(op, again, arena, &second), 0);
	assert_string_equal(first, second);
}

static void test_bodies(void **state)
{
	struct promo_arena *arena = promo_arena_new(ARENA_MAX);
	const int64_t end_ms = promo_monotonic_ms() + TIME_MAX_MS;
	size_t rounds = 0, accepted = 0, refused = 0;

	(void)state;
	for (; rounds < ROUNDS_MAX && promo_monotonic_ms() < end_ms; rounds++) {
		const size_t which = chance(PROMO_COUNT(goods));
		const struct promo_op *op = goods[which].op;
		char body[BODY_MAX];
		size_t size = strlen(goods[which].body);
		struct promo_problem problem;
		void *in = promo_arena_alloc(arena, op->in->size);
		int r;

		memcpy(body, goods[which].body, size);
		size = spoil(body, size);
		r = decode(op, body, size, arena, &problem, in);
		if (r == 0) {
			accepted++;
			check_normal(op, in, arena);
		} else {
			refused++;
			assert_true(r == PROMO_E_INVALID_INPUT || r == PROMO_E_MALFORMED_REQUEST);
			assert_int_equal(problem.error, r);
			assert_true(r == PROMO_E_MALFORMED_REQUEST ? problem.detail != NULL
								   : problem.field_count > 0);
		}
		promo_arena_clear(arena);
	}
	print_message("%zu inputs, %zu refused, %zu accepted\n", rounds, refused, accepted);
	/* Chance has to reach both sides, or nothing was proven. */
	assert_true(refused > rounds / 4 && accepted > rounds / 100);
	promo_arena_free(arena);
}

static void test_queries(void **state)
{
	static const char good[] = "limit=50&status=active,blocked&q=a%20b&count=true&cursor=x"
				   "&expires_before=2027-01-01&assigned_user_id="
				   "0190a1b2-c3d4-7abc-8def-0123456789ab";
	struct promo_arena *arena = promo_arena_new(ARENA_MAX);
	const int64_t end_ms = promo_monotonic_ms() + TIME_MAX_MS / 3;

	(void)state;
	for (size_t rounds = 0; rounds < ROUNDS_MAX && promo_monotonic_ms() < end_ms; rounds++) {
		struct promo_input input = { 0 };
		struct promo_problem problem = { 0 };
		struct promo_batch_list_in in;
		char query[BODY_MAX];
		int r;

		memcpy(query, good, sizeof(good));
		query[spoil(query, sizeof(good) - 1)] = '\0';
		r = promo_query_parse(query, arena, &input.query, &input.query_count);
		assert_true(r == 0 || r == PROMO_E_MALFORMED_REQUEST);
		if (r == 0) {
			r = promo_decode_input(
				&promo_op_batch_list, &input, &env, arena, &problem, &in);
			assert_true(
				r == 0 || (r == PROMO_E_INVALID_INPUT && problem.field_count > 0));
		}
		promo_arena_clear(arena);
	}
	promo_arena_free(arena);
}

/* What a client is sent: an answer, and a problem. */
static void test_answers(void **state)
{
	static const char good[] =
		"{\"id\":\"b\",\"status\":\"active\",\"total_codes\":5,\"amount_per_code\":\"5."
		"00\","
		"\"counts\":{\"active\":1},\"created_at\":\"2026-11-22T09:58:16.500Z\","
		"\"assigned_user\":null,\"code\":\"invalid_input\",\"detail\":\"x\","
		"\"errors\":[{\"pointer\":\"/a\",\"code\":\"b\",\"message\":\"c\"}]}";
	struct promo_arena *arena = promo_arena_new(ARENA_MAX);
	const int64_t end_ms = promo_monotonic_ms() + TIME_MAX_MS / 3;

	(void)state;
	for (size_t rounds = 0; rounds < ROUNDS_MAX && promo_monotonic_ms() < end_ms; rounds++) {
		struct promo_problem problem;
		struct promo_batch batch;
		char text[BODY_MAX];
		int r;

		memcpy(text, good, sizeof(good));
		text[spoil(text, sizeof(good) - 1)] = '\0';
		r = promo_decode_output(&promo_batch_schema, text, arena, &batch);
		assert_true(r == 0 || r == PROMO_E_UNAVAILABLE);
		assert_int_equal(
			promo_decode_problem(text, &promo_op_batch_create, 422, arena, &problem),
			0);
		assert_true(problem.error > 0);
		promo_arena_clear(arena);
	}
	promo_arena_free(arena);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_answers),
	};

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 10) | 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
