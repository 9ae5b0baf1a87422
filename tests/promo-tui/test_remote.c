/* SPDX-License-Identifier: MIT */
/* Proves over real sockets that calls never hold up who waits for keys, that each comes back with
 * what it was sent with, and that those which nobody wants any more do not come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/op_code.h"
#include "libpromo/api/op_system.h"
#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "promo-tui/remote.h"
#include "tests/client/server.h"

#define VERSION "{\"name\":\"promod\",\"version\":\"1\",\"api\":\"v1\"}"
#define OK      .bytes = "HTTP/1.1 200 OK\r\n", .body = VERSION
#define CREATED .bytes = "HTTP/1.1 201 Created\r\n", .body = "{\"id\":\"r\"}"

static struct tui_remote *connect_to(const char *address)
{
	struct tui_remote *remote;

	assert_int_equal(tui_remote_new(NULL, &remote), 0);
	assert_int_equal(remote->connect(remote, address, "pmo_s_test"), 0);
	return remote;
}

static void ask(struct tui_remote *remote, int tag, uint64_t generation)
{
	const struct tui_call call = {
		.op = &promo_op_server_version, .tag = tag, .generation = generation
	};

	assert_int_equal(remote->begin(remote, &call), 0);
}

static void redeem(struct tui_remote *remote, int tag, uint64_t generation)
{
	const struct promo_redemption_create_in in = { .code = "A1U2C3255X096E21",
		.phone_number = "+250788123456" };
	const struct tui_call call = { .op = &promo_op_redemption_create,
		.in = &in,
		.idempotency_key = "key-1",
		.tag = tag,
		.generation = generation };

	assert_int_equal(remote->begin(remote, &call), 0);
}

static struct tui_reply wait_for_one(struct tui_remote *remote)
{
	struct tui_reply reply;
	bool readable;

	while (!remote->next(remote, &reply))
		assert_int_equal(remote->wait(remote, -1, 20000, &readable), 0);
	return reply;
}

static void end(struct tui_remote *remote, struct server *server)
{
	remote->free(remote);
	server_stop(server);
	server_free(server);
}

static void test_comes_back_as_it_went(void **state)
{
	static const struct step steps[] = { { OK }, { CREATED } };
	struct server *server = server_start(steps, 2);
	struct tui_remote *remote = connect_to(server->address);
	struct tui_reply reply;

	(void)state;
	assert_false(remote->next(remote, &reply));
	ask(remote, 7, 3);
	reply = wait_for_one(remote);
	assert_int_equal(reply.tag, 7);
	assert_int_equal(reply.generation, 3);
	assert_ptr_equal(reply.op, &promo_op_server_version);
	assert_null(reply.idempotency_key);
	assert_int_equal(reply.error, 0);
	assert_string_equal(((const struct promo_version_answer *)reply.reply.out)->name, "promod");
	redeem(remote, 8, 4);
	reply = wait_for_one(remote);
	assert_int_equal(reply.tag, 8);
	assert_string_equal(reply.idempotency_key, "key-1");
	assert_false(remote->next(remote, &reply));
	end(remote, server);
}

/* The network is lost in the middle of an answer: keys are read as ever, and the end is told. */
static void test_keys_are_read_meanwhile(void **state)
{
	static const struct step steps[] = { { .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 43"
							"\r\n\r\n{" },
		{ .bytes = "HTTP/1.1 429 Too Many\r\nRetry-After: 8\r\n",
			.body = "{\"code\":\"too_many_requests\"}" },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nRetry-After: 60\r\n",
			.body = "{\"code\":\"unavailable\"}" } };
	struct server *server = server_start(steps, PROMO_COUNT(steps));
	struct tui_remote *remote = connect_to(server->address);
	struct tui_reply reply;
	bool readable = false;
	int keys[2];

	(void)state;
	assert_int_equal(pipe(keys), 0);
	ask(remote, 1, 1);
	while (__atomic_load_n(&server->requests, __ATOMIC_ACQUIRE) == 0)
		assert_int_equal(remote->wait(remote, keys[0], 5, &readable), 0);
	assert_false(readable);
	assert_int_equal(write(keys[1], "k", 1), 1);
	while (!readable)
		assert_int_equal(remote->wait(remote, keys[0], 10000, &readable), 0);
	assert_false(remote->next(remote, &reply));
	remote->cancel(remote, 1);
	/* Throttled, in maintenance: how long to wait comes at once. */
	ask(remote, 2, 2);
	reply = wait_for_one(remote);
	assert_int_equal(reply.error, PROMO_E_TOO_MANY_REQUESTS);
	assert_int_equal(reply.reply.problem.retry_after_s, 8);
	redeem(remote, 3, 2);
	reply = wait_for_one(remote);
	assert_int_equal(reply.error, PROMO_E_UNAVAILABLE);
	assert_int_equal(reply.reply.problem.retry_after_s, 60);
	assert_int_equal(close(keys[0]), 0);
	assert_int_equal(close(keys[1]), 0);
	end(remote, server);
}

/* A screen is gone: its questions are forgotten, what it does is not. */
static void test_cancelled_but_for_what_does_something(void **state)
{
	static const struct step steps[] = { { CREATED }, { OK } };
	struct server *server = server_start(steps, PROMO_COUNT(steps));
	struct tui_remote *remote = connect_to(server->address);
	struct tui_reply reply;

	(void)state;
	ask(remote, 1, 5);
	redeem(remote, 2, 5);
	ask(remote, 3, 5);
	remote->cancel(remote, 5);
	reply = wait_for_one(remote);
	assert_int_equal(reply.tag, 2);
	assert_int_equal(reply.error, 0);
	ask(remote, 4, 6);
	remote->cancel(remote, 5);
	reply = wait_for_one(remote);
	assert_int_equal(reply.tag, 4);
	end(remote, server);
}

static void test_another_server(void **state)
{
	static const struct step silent[] = { { .silent = true } };
	static const struct step steps[] = { { OK }, { OK } };
	struct server *first = server_start(silent, 1), *second = server_start(steps, 2);
	struct tui_remote *remote;
	struct tui_reply reply;

	(void)state;
	assert_int_equal(tui_remote_new(NULL, &remote), 0);
	assert_int_equal(
		remote->begin(remote, &(struct tui_call){ .op = &promo_op_server_version }),
		PROMO_E_UNAVAILABLE);
	assert_int_equal(remote->connect(remote, "nonsense", NULL), PROMO_E_INVALID_INPUT);
	assert_int_equal(remote->connect(remote, first->address, "pmo_s_one"), 0);
	assert_false(remote->is_clear(remote, NULL));
	assert_false(remote->is_clear(remote, "https://promo.example.com"));
	assert_true(remote->is_clear(remote, "http://promo.example.com"));
	redeem(remote, 1, 1);
	assert_int_equal(remote->connect(remote, "nonsense", NULL), PROMO_E_INVALID_INPUT);
	assert_int_equal(remote->connect(remote, second->address, "pmo_s_two"), 0);
	ask(remote, 2, 1);
	/* The same server again: nothing is lost by that. */
	assert_int_equal(remote->connect(remote, second->address, "pmo_s_three"), 0);
	reply = wait_for_one(remote);
	assert_int_equal(reply.tag, 2);
	assert_int_equal(reply.error, 0);
	assert_int_equal(remote->set_token(remote, NULL), 0);
	ask(remote, 3, 1);
	reply = wait_for_one(remote);
	assert_int_equal(reply.tag, 3);
	remote->free(remote);
	server_stop(first);
	server_stop(second);
	assert_non_null(strstr(second->texts[0], "Bearer pmo_s_two\r\n"));
	assert_null(strstr(second->texts[1], "Bearer"));
	server_free(first);
	server_free(second);
}

/* A sign-in somewhere else goes without this token, and leaves what is under way here alone. */
static void test_a_visit(void **state)
{
	static const struct step slow[] = { { OK }, { OK } };
	static const struct step steps[] = { { OK } };
	struct server *first = server_start(slow, 2), *second = server_start(steps, 1);
	struct tui_call call = { .op = &promo_op_server_version, .tag = 7, .server = "nonsense" };
	struct tui_remote *remote;
	bool seen[8] = { false };

	(void)state;
	assert_int_equal(tui_remote_new(NULL, &remote), 0);
	assert_int_equal(remote->connect(remote, first->address, "pmo_s_one"), 0);
	assert_int_equal(remote->begin(remote, &call), PROMO_E_INVALID_INPUT);
	redeem(remote, 1, 1);
	call.server = second->address;
	assert_int_equal(remote->begin(remote, &call), 0);
	ask(remote, 2, 1);
	for (int i = 0; i < 3; i++) {
		struct tui_reply reply = wait_for_one(remote);

		assert_in_range(reply.tag, 1, 7);
		seen[reply.tag] = true;
		assert_int_equal(reply.elsewhere, reply.tag == 7);
	}
	assert_true(seen[1] && seen[2] && seen[7]);
	remote->free(remote);
	server_stop(first);
	server_stop(second);
	assert_non_null(strstr(first->texts[0], "Bearer pmo_s_one\r\n"));
	assert_null(strstr(second->texts[0], "Bearer"));
	server_free(first);
	server_free(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back_as_it_went),
		cmocka_unit_test(test_keys_are_read_meanwhile),
		cmocka_unit_test(test_cancelled_but_for_what_does_something),
		cmocka_unit_test(test_another_server),
		cmocka_unit_test(test_a_visit),
	};

	return promo_base_init()
		       ? 1
		       : cmocka_run_group_tests_name("promo-tui/remote", tests, NULL, NULL);
}
