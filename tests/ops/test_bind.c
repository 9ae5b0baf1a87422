/* SPDX-License-Identifier: MIT */
/* Every row of promo_ops is bound exactly once, to a function of the structs that the row names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/ops/bind.h"

static void test_every_row_is_bound_once(void **state)
{
	(void)state;
	for (const struct promo_op *const *op = promo_ops; *op; op++) {
		int bound = 0;

		for (const struct promo_binding *b = promo_bindings; b->op; b++)
			bound += b->op == *op;
		if (bound != 1)
			fail_msg("%s is bound %d times", (*op)->name, bound);
	}
}

static void test_nothing_else_is_bound(void **state)
{
	(void)state;
	for (const struct promo_binding *b = promo_bindings; b->op; b++)
		assert_ptr_equal(promo_op_find(b->op->name), b->op);
}

static void test_structs_are_those_of_the_row(void **state)
{
	(void)state;
	for (const struct promo_binding *b = promo_bindings; b->op; b++) {
		size_t in = b->op->in ? b->op->in->size : 0;
		size_t out = 0;

		if (b->op->shape == PROMO_SHAPE_ONE)
			out = b->op->out->size;
		else if (b->op->shape == PROMO_SHAPE_LIST)
			out = sizeof(struct promo_list);
		if (b->adapter->in_size != in || b->adapter->out_size != out)
			fail_msg("%s is bound to other structs than its row's", b->op->name);
	}
}

static void test_flags_agree(void **state)
{
	(void)state;
	for (const struct promo_binding *b = promo_bindings; b->op; b++) {
		/* Hashing belongs into before(): never inside of a transaction. */
		assert_true(!(b->op->flags & PROMO_OP_HASHES) || b->before);
		/* What needs no transaction leaves no audit row, and the other way round. */
		assert_true(
			!(b->op->flags & PROMO_OP_UNAUDITED) == !(b->flags & PROMO_BIND_NO_STORE));
		assert_true(!(b->flags & PROMO_BIND_KEEPS_KEY) || b->op->flags & PROMO_OP_KEY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_is_bound_once),
		cmocka_unit_test(test_nothing_else_is_bound),
		cmocka_unit_test(test_structs_are_those_of_the_row),
		cmocka_unit_test(test_flags_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
