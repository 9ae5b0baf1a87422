/* SPDX-License-Identifier: MIT */
/* A cursor names the last row by its keys and nothing else: what clients make up is refused, never
 * handed to the database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_user.h"
#include "libpromo/base/hash.h"
#include "libpromo/ops/page.h"

static const char id_a[] = "0190a1b2-0000-7000-8000-00000000000a";
static const char id_b[] = "0190a1b2-0000-7000-8000-00000000000b";

static int set_up(void **state)
{
	static struct promo_ctx ctx;

	ctx = (struct promo_ctx){
		.arena = promo_arena_new(1024 * 1024),
		.op = &promo_op_role_list,
	};
	*state = &ctx;
	return ctx.arena ? 0 : -1;
}

static int tear_down(void **state)
{
	struct promo_ctx *ctx = *state;

	promo_arena_free(ctx->arena);
	return 0;
}

static void test_the_next_page(void **state)
{
	struct promo_ctx *ctx = *state;
	struct promo_role roles[] = { { .id = id_a, .rank = 80 }, { .id = id_b, .rank = -3 },
		{ .id = id_a, .rank = -7 } };
	const struct promo_objects rows = { .items = roles, .count = PROMO_COUNT(roles) };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_page page;
	struct promo_list list;

	assert_int_equal(promo_page_open(ctx, "rank id", 2, NULL, &page), 0);
	promo_page_params(&page, &params);
	assert_int_equal(params.count, 3);
	assert_null(params.values[0]);
	assert_null(params.values[1]);
	assert_string_equal(params.values[2], "3");
	assert_int_equal(promo_page_close(ctx, &page, &rows, 17, &list), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.total, 17);
	assert_non_null(list.next_cursor);

	params = PROMO_PARAMS(ctx->arena);
	assert_int_equal(
		promo_page_open(ctx, "rank id", PROMO_NULL_INT, list.next_cursor, &page), 0);
	promo_page_params(&page, &params);
	assert_string_equal(params.values[0], "-3");
	assert_string_equal(params.values[1], id_b);
	assert_string_equal(params.values[2], "51");
}

static void test_the_last_page(void **state)
{
	struct promo_ctx *ctx = *state;
	struct promo_role roles[] = { { .id = id_a, .rank = 80 }, { .id = id_b, .rank = 40 } };
	const struct promo_objects rows = { .items = roles, .count = PROMO_COUNT(roles) };
	struct promo_page page;
	struct promo_list list;

	assert_int_equal(promo_page_open(ctx, "rank id", 2, NULL, &page), 0);
	assert_int_equal(promo_page_close(ctx, &page, &rows, PROMO_NULL_INT, &list), 0);
	assert_int_equal(list.count, 2);
	assert_null(list.next_cursor);
}

static void refused(struct promo_ctx *ctx, const char *cursor)
{
	struct promo_page page;

	ctx->problem = (struct promo_problem){ 0 };
	assert_int_equal(promo_page_open(ctx, "rank id", 2, cursor, &page), PROMO_E_INVALID_INPUT);
	assert_int_equal(ctx->problem.field_count, 1);
	assert_string_equal(ctx->problem.fields[0].pointer, "?cursor");
}

static void refused_bytes(struct promo_ctx *ctx, const char *bytes, size_t size)
{
	char cursor[PROMO_BASE64URL_SIZE(200)];

	assert_true(size <= 200);
	promo_base64url_encode(bytes, size, cursor);
	refused(ctx, cursor);
}
#define REFUSED_BYTES(ctx, literal) refused_bytes((ctx), literal "", sizeof(literal) - 1)

static void test_cursors_made_up(void **state)
{
	struct promo_ctx *ctx = *state;
	char longest[401];

	refused(ctx, "x");
	refused(ctx, "not base64!");
	memset(longest, 'A', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	refused(ctx, longest);
	REFUSED_BYTES(ctx, "role.list\0");
	REFUSED_BYTES(ctx, "role.list\0"
			   "80\0");
	REFUSED_BYTES(ctx, "role.list\0"
			   "80\0"
			   "1 OR true\0");
	REFUSED_BYTES(ctx, "role.list\0"
			   "80x\0"
			   "0190a1b2-0000-7000-8000-00000000000a\0");
	REFUSED_BYTES(ctx, "role.list\0"
			   "99999999999999999999\0"
			   "0190a1b2-0000-7000-8000-00000000000a\0");
	REFUSED_BYTES(ctx, "role.list\0"
			   "80\0"
			   "0190a1b2-0000-7000-8000-00000000000a\0"
			   "x\0");
	REFUSED_BYTES(ctx, "role.list\0"
			   "80\0"
			   "0190a1b2-0000-7000-8000-00000000000a");
	REFUSED_BYTES(ctx, "user.list\0"
			   "80\0"
			   "0190a1b2-0000-7000-8000-00000000000a\0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_next_page, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_last_page, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cursors_made_up, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
