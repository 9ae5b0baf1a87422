/* SPDX-License-Identifier: MIT */
/* Proves that a lack of memory, wherever it strikes, is a fault and nothing else: no crash, no leak
 * (under the sanitizer), no half answer. Every call is tried with its first, second, third, ...
 * allocation failing until it succeeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_user.h"
#include "tests/lib/failing_malloc.h"

/* A call with all it needs; 0, or what went wrong. */
typedef int try_fn(struct promo_arena *arena);

static const char body[] = "{\"first_name\":\"Aline\",\"last_name\":\"U\",\"roles\":[\"a\",\"b\"],"
			   "\"email\":\"a@example.com\",\"password\":\"long enough\"}";

static int decode(struct promo_arena *arena, const char *text)
{
	static const struct promo_decode_env env = { .country_code = "250" };
	const struct promo_input input = { .body = text, .body_size = strlen(text) };
	struct promo_problem problem = { 0 };
	struct promo_user_create_in in;

	return promo_decode_input(&promo_op_user_create, &input, &env, arena, &problem, &in);
}

static int try_decode(struct promo_arena *arena)
{
	return decode(arena, body);
}

static int try_decode_bad(struct promo_arena *arena)
{
	const int r = decode(arena, "{\"a\":1,\"b\":99999999999999999999,\"c\":[],\"email\":7}");

	return r == PROMO_E_INVALID_INPUT ? 0 : r;
}

static int try_encode(struct promo_arena *arena)
{
	static const struct promo_ref roles[] = { { "r", "support" }, { "q", "user" } };
	static const char *const permissions[] = { "a.b" };
	const struct promo_user user = {
		.id = "u", .roles = { roles, 2 }, .permissions = { permissions, 1 }, .created_at = 1
	};
	const char *json;
	struct promo_user back;
	int r = promo_encode(&promo_user_schema, &user, arena, &json);

	return r ? r : promo_decode_output(&promo_user_schema, json, arena, &back);
}

static int try_list(struct promo_arena *arena)
{
	static const struct promo_ref refs[] = { { "r", "support" }, { "q", "user" } };
	static const struct promo_sum sum = { "RWF", 50000 };
	static const struct promo_op refs_and_sum = { .out = &promo_ref_schema,
		.totals = &promo_sum_schema };
	const struct promo_list list = { refs, 2, "next", 7, &sum };
	struct promo_list back;
	const char *json;
	int r = promo_encode_list(&refs_and_sum, &list, arena, &json);

	return r ? r : promo_decode_list(&refs_and_sum, json, arena, &back);
}

static int try_problem(struct promo_arena *arena)
{
	static const struct promo_ref clerk = { "u", "Aline" };
	const struct promo_redeemed_member members = { .redeemed_at = 1, .redeemed_by = &clerk };
	struct promo_problem problem = { .error = PROMO_E_CODE_ALREADY_REDEEMED,
		.member_schema = &promo_redeemed_member_schema,
		.members = &members };
	const char *json;
	int r;

	r = promo_encode_problem(&problem, &promo_op_redemption_create, "r1", arena, &json);
	if (r)
		return r;
	problem = (struct promo_problem){ 0 };
	r = promo_refuse_field(&problem, arena, "/a", "required", "is required");
	return r < 0 ? r : promo_encode_problem(&problem, NULL, "r1", arena, &json);
}

static int try_input(struct promo_arena *arena)
{
	const struct promo_user_update_in in = {
		.set = { .present = 3 }, .id = "u", .first_name = "A"
	};
	const char *address, *text;
	int r = promo_encode_input(&promo_op_user_update, &in, arena, &address, &text);

	if (!r)
		r = promo_encode_canonical(&promo_op_user_update, &in, arena, &text);
	return r;
}

static int try_openapi(struct promo_arena *arena)
{
	const char *text;

	return promo_encode_openapi("1", arena, &text);
}

static try_fn *const tries[] = { try_decode, try_decode_bad, try_encode, try_list, try_openapi,
	try_problem, try_input };

enum {
	TRIES_WITH_JANSSON = 5 /* the first ones: the others only write, which goes without it */
};

static void test_json_without_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < TRIES_WITH_JANSSON; i++) {
		size_t faults = 0;
		int r = -1;

		/* The description takes many thousands: from there on not every one is tried. */
		for (size_t n = 1; r; n += 1 + n / 40) {
			struct promo_arena *arena = promo_arena_new(16 * 1024 * 1024);

			failing_malloc_arm(failing_malloc(), (long)n, false);
			r = tries[i](arena);
			(void)failing_malloc_disarm(failing_malloc());
			/* The client calls what it cannot read unavailable. */
			assert_true(r <= 0 || r == PROMO_E_UNAVAILABLE);
			faults += r != 0;
			promo_arena_free(arena);
		}
		assert_true(faults > 3);
	}
}

static void test_arenas_without_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(tries); i++) {
		int r = -1;

		for (size_t limit = 0; r; limit += 8 * 1024) {
			struct promo_arena *arena = promo_arena_new(limit);

			r = tries[i](arena);
			assert_true(r <= 0);
			assert_true(r == 0 || limit < 4 * 1024 * 1024);
			promo_arena_free(arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_without_memory),
		cmocka_unit_test(test_arenas_without_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
