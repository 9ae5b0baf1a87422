/* SPDX-License-Identifier: MIT */
/* Proves that the client sends what the row says, understands what comes back, and says truly what
 * it knows when nothing does: against a server that cuts, stalls, lies and floods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_system.h"
#include "libpromo/api/op_user.h"
#include "libpromo/base/time.h"
#include "libpromo/client/client.h"
#include "tests/client/talk.h"

static void test_a_plain_call(void **state)
{
	static const struct step steps[] = { { OK_VERSION }, { OK_VERSION } };
	struct talk t = talk(steps, 2, 5000);
	const struct promo_version_answer *version;

	(void)state;
	assert_int_equal(ask_version(&t), 0);
	assert_int_equal(ask_version(&t), 0);
	hang_up(&t);
	version = t.reply.out;
	assert_string_equal(version->name, "promod");
	assert_int_equal(t.reply.http_status, 200);
	assert_string_equal(t.reply.request_id, "r1");
	assert_string_equal(t.reply.json, VERSION);
	assert_memory_equal(t.server->texts[0], "GET /api/v1/version HTTP/1.1\r\n", 30);
	assert_non_null(strstr(t.server->texts[0], "\r\nAuthorization: Bearer pmo_s_test\r\n"));
	assert_null(strstr(t.server->texts[0], "Content-Type"));
	assert_int_equal(t.server->requests, 2);
	assert_int_equal(t.server->accepted, 1);
	end(&t);
}

static void test_a_write_with_all_headers(void **state)
{
	static const struct step steps[] = {
		{ .bytes = "HTTP/1.1 200 OK\r\nETag: \"4\"\r\nIdempotent-Replayed: true\r\n"
			   "Location: /api/v1/users/u\r\n",
			.body = "{\"id\":\"u\"}" },
	};
	struct talk t = talk(steps, 1, 5000);
	const struct promo_user_update_in in = { .id = ID, .first_name = "Al\"ine" };
	const struct promo_call call = { .if_match = "\"3\"", .prefer_wait_s = 7 };

	(void)state;
	assert_int_equal(
		promo_client_call(t.client, &promo_op_user_update, &in, &call, t.arena, &t.reply),
		0);
	hang_up(&t);
	assert_memory_equal(t.server->texts[0], "PATCH /api/v1/users/" ID " HTTP/1.1\r\n", 66);
	assert_non_null(strstr(t.server->texts[0], "\r\nIf-Match: \"3\"\r\n"));
	assert_non_null(strstr(t.server->texts[0], "\r\nPrefer: wait=7\r\n"));
	assert_non_null(strstr(t.server->texts[0], "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(t.server->texts[0], "\r\n\r\n{\"first_name\":\"Al\\\"ine\"}"));
	assert_null(strstr(t.server->texts[0], "Expect"));
	assert_string_equal(t.reply.etag, "\"4\"");
	assert_string_equal(t.reply.location, "/api/v1/users/u");
	assert_true(t.reply.replayed);
	assert_string_equal(((const struct promo_user *)t.reply.out)->id, "u");
	end(&t);
}

static void test_no_body_at_all(void **state)
{
	static const struct step steps[] = { { .bytes = "HTTP/1.1 204 No Content\r\n\r\n" } };
	struct talk t = talk(steps, 1, 5000);

	(void)state;
	assert_int_equal(
		promo_client_call(t.client, &promo_op_auth_logout, NULL, NULL, t.arena, &t.reply),
		0);
	hang_up(&t);
	assert_null(t.reply.out);
	assert_null(t.reply.json);
	assert_non_null(strstr(t.server->texts[0], "\r\nContent-Length: 0\r\n"));
	assert_null(strstr(t.server->texts[0], "Content-Type"));
	end(&t);
}

static void test_a_list_and_another_answer(void **state)
{
	static const struct step steps[] = {
		{ .bytes = OK_START "Transfer-Encoding: chunked\r\n\r\n"
				    "1a\r\n{\"items\":[{\"id\":\"1\"}],\"nex\r\n17\r\nt_cursor\":"
				    "\"c\",\"total\":9\r\n"
				    "1\r\n}\r\n0\r\n\r\n" },
		{ .bytes = "HTTP/1.1 202 Accepted\r\n",
			.body = "{\"role_change\":{\"id\":\"c\"}}" },
	};
	struct talk t = talk(steps, 2, 5000);
	const struct promo_user_role_in in = { .id = ID, .role = "support" };
	const struct promo_list *list;

	(void)state;
	assert_int_equal(
		promo_client_call(t.client, &promo_op_batch_list, NULL, NULL, t.arena, &t.reply),
		0);
	list = t.reply.out;
	assert_int_equal(list->count, 1);
	assert_int_equal(list->total, 9);
	assert_string_equal(list->next_cursor, "c");
	assert_int_equal(promo_client_call(t.client, &promo_op_user_assign_role, &in, NULL, t.arena,
				 &t.reply),
		0);
	assert_null(t.reply.out);
	assert_string_equal(
		((const struct promo_role_change_answer *)t.reply.other)->role_change->id, "c");
	hang_up(&t);
	end(&t);
}

static void test_problems(void **state)
{
	static const struct step steps[] = {
		{ .bytes = "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\n",
			.body = "{\"code\":\"code_already_redeemed\",\"detail\":\"twice\","
				"\"redeemed_at\":\"2026-11-22T09:58:16.500Z\",\"phone_number\":"
				"null,"
				"\"redeemed_by\":{\"id\":\"u\",\"name\":\"A\"}}" },
		{ .bytes = "HTTP/1.1 429 Too Many\r\nRetry-After: 900\r\n",
			.body = "{\"code\":\"too_many_requests\"}" },
		{ .bytes = "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n<html" },
	};
	struct talk t = talk(steps, 3, 5000);
	const struct promo_redeemed_member *members;

	(void)state;
	assert_int_equal(redeem(&t), PROMO_E_CODE_ALREADY_REDEEMED);
	assert_int_equal(t.reply.http_status, 409);
	assert_string_equal(t.reply.problem.detail, "twice");
	members = t.reply.problem.members;
	assert_int_equal(members->redeemed_at, 1795341496500 - 0);
	assert_string_equal(members->redeemed_by->name, "A");
	/* A wait that is longer than the call may take is the caller's to decide on. */
	assert_int_equal(ask_version(&t), PROMO_E_TOO_MANY_REQUESTS);
	assert_int_equal(t.reply.problem.retry_after_s, 900);
	assert_int_equal(ask_version(&t), PROMO_E_NOT_FOUND);
	hang_up(&t);
	assert_int_equal(t.server->requests, 3);
	end(&t);
}

static void test_answers_that_are_none(void **state)
{
	static const char with_nul[] = OK_START "Transfer-Encoding: chunked\r\n\r\n"
						"4\r\n{}\0}\r\n0\r\n\r\n";
	static const struct step steps[] = {
		{ .bytes = OK_START "Content-Length: 6\r\n\r\n<html>" },
		{ .bytes = OK_START "Content-Length: 0\r\n\r\n" },
		{ .bytes = with_nul, .size = sizeof(with_nul) - 1 },
		{ .bytes = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
			   "Content-Length: 0\r\n\r\n" },
		{ .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]" },
	};
	struct talk t = talk(steps, PROMO_COUNT(steps), 5000);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(ask_version(&t), PROMO_E_UNAVAILABLE);
		assert_non_null(strstr(t.reply.problem.detail, t.server->address));
	}
	/* It was told to write, and what came back says nothing about that. */
	assert_int_equal(redeem(&t), PROMO_E_OUTCOME_UNKNOWN);
	hang_up(&t);
	assert_int_equal(t.server->requests, PROMO_COUNT(steps));
	end(&t);
}

static void test_bounds_an_answer(void **state)
{
	static char flood[12 * 1024 * 1024];
	struct step step = { .bytes = flood, .size = sizeof(flood), .end = STEP_CLOSE };
	struct talk t;

	(void)state;
	memset(flood, ' ', sizeof(flood));
	(void)snprintf(
		flood, sizeof(flood), OK_START "Content-Length: %d\r\n\r\n", 11 * 1024 * 1024);
	flood[strlen(flood)] = ' ';
	t = talk(&step, 1, 10000);
	assert_int_equal(ask_version(&t), PROMO_E_UNAVAILABLE);
	assert_non_null(strstr(t.reply.problem.detail, "too large"));
	hang_up(&t);
	assert_int_equal(t.server->requests, 1);
	end(&t);
}

static void test_nobody_is_there(void **state)
{
	struct promo_client_config config = { .timeout_ms = 5000 };
	struct promo_arena *arena = promo_arena_new(1024 * 1024);
	const struct promo_id_in in = { .id = ID };
	struct promo_client *client;
	struct promo_reply reply;
	char address[64];

	(void)state;
	server_nobody(address, sizeof(address));
	config.server = address;
	assert_int_equal(promo_client_new(&config, &client), 0);
	assert_int_equal(
		promo_client_call(client, &promo_op_server_version, NULL, NULL, arena, &reply),
		PROMO_E_UNAVAILABLE);
	assert_non_null(strstr(reply.problem.detail, address));
	assert_non_null(strstr(reply.problem.detail, "Connection refused"));
	/* A write that never left did nothing. */
	assert_int_equal(promo_client_call(client, &promo_op_session_end, &in, NULL, arena, &reply),
		PROMO_E_UNAVAILABLE);
	promo_client_free(client);
	promo_arena_free(arena);
}

static void test_a_unix_socket(void **state)
{
	static const struct step steps[] = { { OK_VERSION } };
	struct talk t = talk_to(server_start_unix(steps, 1), 5000);

	(void)state;
	assert_int_equal(ask_version(&t), 0);
	hang_up(&t);
	assert_non_null(strstr(t.server->texts[0], "\r\nHost: localhost\r\n"));
	end(&t);
}

static void test_no_proxy_to_oneself(void **state)
{
	static const struct step steps[] = { { OK_VERSION } };
	struct talk t = talk(steps, 1, 5000);

	(void)state;
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	assert_int_equal(ask_version(&t), 0);
	assert_int_equal(unsetenv("http_proxy"), 0);
	hang_up(&t);
	end(&t);
}

static void test_no_text_breaks_out_of_a_header(void **state)
{
	struct talk t = talk(NULL, 0, 5000);
	const struct promo_call call = { .idempotency_key = "a\r\nX-Evil: 1" };

	(void)state;
	assert_int_equal(promo_client_set_token(t.client, "a\nb"), 0);
	assert_int_equal(ask_version(&t), PROMO_E_INVALID_INPUT);
	assert_non_null(t.reply.problem.detail);
	assert_int_equal(promo_client_set_token(t.client, NULL), 0);
	assert_int_equal(
		promo_client_call(t.client, &promo_op_auth_logout, NULL, &call, t.arena, &t.reply),
		PROMO_E_INVALID_INPUT);
	hang_up(&t);
	assert_int_equal(t.server->requests, 0);
	end(&t);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_plain_call),
		TEST(test_a_write_with_all_headers),
		TEST(test_no_body_at_all),
		TEST(test_a_list_and_another_answer),
		TEST(test_problems),
		TEST(test_answers_that_are_none),
		TEST(test_bounds_an_answer),
		TEST(test_nobody_is_there),
		TEST(test_a_unix_socket),
		TEST(test_no_proxy_to_oneself),
		TEST(test_no_text_breaks_out_of_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
