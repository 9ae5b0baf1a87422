/* SPDX-License-Identifier: MIT */
/* Many who show the same code at the same moment, each at a daemon of his own: one is let in. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/factor.h"

enum {
	THREADS = 3,
	ROUNDS = 4
};

struct guest {
	pthread_t thread;
	struct till *till;
	pthread_barrier_t *start;
	struct factor factor;
	const char *method, *code;
	int status;
};

static void *enter(void *context)
{
	struct guest *guest = context;

	(void)pthread_barrier_wait(guest->start);
	guest->status = factor_show(guest->till, &guest->factor, guest->method, guest->code);
	return NULL;
}

/* Each with a sign-in of his own of the same user, or all with the same one. */
static void race(struct till *till, const struct factor *factor, const char *method,
	const char *code, bool same_token)
{
	struct guest guests[THREADS];
	pthread_barrier_t start;
	int in = 0, out = 0;

	assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++) {
		guests[i] = (struct guest){ .till = till_new(till->database),
			.start = &start,
			.factor = i > 0 && same_token ? guests[0].factor : *factor,
			.method = method,
			.code = code };
		if (i == 0 || !same_token)
			assert_int_equal(factor_login(till, &guests[i].factor), 401);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&guests[i].thread, NULL, enter, &guests[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(guests[i].thread, NULL), 0);
		in += guests[i].status == 200;
		out += guests[i].status == 401;
		till_free(guests[i].till);
	}
	(void)pthread_barrier_destroy(&start);
	assert_int_equal(in, 1);
	assert_int_equal(out, THREADS - 1);
}

static void test_one_step(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");
	char code[AUTHENTICATOR_CODE_SIZE];

	for (int i = 0; i < ROUNDS; i++) {
		factor_unuse(till, &clerk);
		authenticator_code(clerk.secret, 1, code);
		race(till, &clerk, "authenticator_app", code, /* same_token= */ i % 2);
	}
}

static void test_one_recovery_code(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");

	for (int i = 0; i < ROUNDS; i++)
		race(till, &clerk, "recovery_code", clerk.recovery[i], /* same_token= */ i % 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_step),
		cmocka_unit_test(test_one_recovery_code),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
