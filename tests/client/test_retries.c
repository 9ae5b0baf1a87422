/* SPDX-License-Identifier: MIT */
/* Proves that the client sends again what it may, for as long as it should, and that what it tells in
 * the end is what is known of all its tries together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "tests/client/talk.h"

static void test_sends_again_what_is_safe(void **state)
{
	static const struct step steps[] = {
		{ .bytes = OK_START "Content-Length: 43\r\n\r\n{\"na", .end = STEP_CLOSE },
		{ OK_VERSION, .end = STEP_CLOSE },
		{ .end = STEP_CLOSE },
		{ .bytes = "HTTP/1.1 201 Created\r\n", .body = "{\"id\":\"r\"}" },
	};
	struct talk t = talk(steps, PROMO_COUNT(steps), 5000);

	(void)state;
	assert_int_equal(ask_version(&t), 0);
	assert_int_equal(redeem(&t), 0);
	hang_up(&t);
	assert_int_equal(t.server->requests, 4);
	assert_non_null(strstr(t.server->texts[2], "\r\nIdempotency-Key: key-1\r\n"));
	assert_string_equal(t.server->texts[3], t.server->texts[2]);
	end(&t);
}

static void test_sends_once_what_is_not(void **state)
{
	static const struct step steps[] = {
		{ OK_VERSION },
		{ .end = STEP_CLOSE },
		{ .bytes = "HTTP/1.1 204 No Content\r\n\r\n" },
	};
	struct talk t = talk(steps, PROMO_COUNT(steps), 5000);

	(void)state;
	assert_int_equal(ask_version(&t), 0);
	assert_int_equal(end_session(&t), PROMO_E_OUTCOME_UNKNOWN);
	assert_non_null(strstr(t.reply.problem.detail, "the connection broke"));
	assert_int_equal(t.reply.http_status, 0);
	hang_up(&t);
	assert_int_equal(t.server->requests, 2);
	end(&t);
}

static void test_gives_up_at_last(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE }, { .end = STEP_CLOSE },
		{ .end = STEP_CLOSE }, { .end = STEP_CLOSE }, { OK_VERSION } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 5000);

	(void)state;
	assert_int_equal(ask_version(&t), PROMO_E_UNAVAILABLE);
	hang_up(&t);
	assert_int_equal(t.server->requests, 4);
	end(&t);
}

static void test_waits_as_it_is_told(void **state)
{
	static const struct step steps[] = {
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\nContent-Length: "
			   "0\r\n\r\n" },
		{ OK_VERSION },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\n",
			.body = "{\"code\":\"unavailable\"}" },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n" },
	};
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);
	const int64_t before_ms = promo_monotonic_ms();

	(void)state;
	assert_int_equal(ask_version(&t), 0);
	assert_in_range(promo_monotonic_ms() - before_ms, 1000, 15000);
	/* Not what must not be sent twice, and not without being told when. */
	assert_int_equal(end_session(&t), PROMO_E_UNAVAILABLE);
	assert_int_equal(t.reply.problem.retry_after_s, 1);
	assert_int_equal(ask_version(&t), PROMO_E_UNAVAILABLE);
	hang_up(&t);
	assert_int_equal(t.server->requests, 4);
	end(&t);
}

static void test_keeps_its_deadline(void **state)
{
	static const struct step steps[] = { { .silent = true },
		{ .bytes = OK_START "Content-Length: 43\r\n\r\n{" }, { .silent = true },
		{ .silent = true }, { .silent = true }, { .silent = true } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 150);
	const int64_t before_ms = promo_monotonic_ms();

	(void)state;
	assert_int_equal(ask_version(&t), PROMO_E_UNAVAILABLE);
	assert_non_null(strstr(t.reply.problem.detail, "in time"));
	assert_int_equal(ask_version(&t), PROMO_E_UNAVAILABLE);
	assert_int_equal(redeem(&t), PROMO_E_OUTCOME_UNKNOWN);
	assert_in_range(promo_monotonic_ms() - before_ms, 350, 10000);
	hang_up(&t);
	assert_in_range(t.server->requests, 3, PROMO_COUNT(steps));
	end(&t);
}

/* What was perhaps done is asked for again, with its key, for longer than what certainly was not. */
static void test_asks_until_it_is_known(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE }, { .end = STEP_CLOSE },
		{ .end = STEP_CLOSE }, { .end = STEP_CLOSE },
		{ .bytes = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n" },
		{ .bytes = "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n" },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\n",
			.body = "{\"code\":\"outcome_unknown\"}" },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\n", .body = "{\"code\":\"unavailable\"}" },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\n", .body = "<html>no server</html>" },
		{ .bytes = "HTTP/1.1 500 Internal\r\nContent-Length: 0\r\n\r\n" },
		{ .bytes = "HTTP/1.1 520 Unknown\r\n", .body = "<html>the origin is gone</html>" },
		{ .bytes = "HTTP/1.1 201 Created\r\nIdempotent-Replayed: true\r\n",
			.body = "{\"id\":\"r\"}" } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 60000);

	(void)state;
	assert_int_equal(redeem(&t), 0);
	assert_false(t.reply.replayed);
	hang_up(&t);
	assert_int_equal(t.server->requests, PROMO_COUNT(steps));
	for (size_t i = 1; i < PROMO_COUNT(steps); i++)
		assert_string_equal(t.server->texts[i], t.server->texts[0]);
	end(&t);
}

/* A connection that was used before breaks with the request in it. libcurl would send it again and
 * tell only what the second was told, which is nothing of the first. */
static void test_a_broken_connection_is_a_try(void **state)
{
	static const struct step steps[] = { { OK_VERSION }, { .end = STEP_CLOSE },
		{ .bytes = "HTTP/1.1 401 Unauthorized\r\n",
			.body = "{\"code\":\"session_expired\"}" } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);

	(void)state;
	assert_int_equal(ask_version(&t), 0);
	assert_int_equal(redeem(&t), PROMO_E_OUTCOME_UNKNOWN);
	hang_up(&t);
	assert_int_equal(t.server->requests, 3);
	end(&t);
}

/* The answer to the first try is swallowed, which takes only a share of the time. */
static void test_a_swallowed_answer(void **state)
{
	static const struct step steps[] = { { .silent = true },
		{ .bytes = "HTTP/1.1 201 Created\r\n", .body = "{\"id\":\"r\"}" } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 3000);

	(void)state;
	assert_int_equal(redeem(&t), 0);
	hang_up(&t);
	assert_int_equal(t.server->requests, 2);
	end(&t);
}

/* After a try that was perhaps done a refusal counts only if it says that it was not. */
static void test_refusals_of_a_later_try(void **state)
{
	static const struct {
		const char *head, *body;
		int error;
	} cases[] = {
		{ "HTTP/1.1 401 Unauthorized\r\n", "{\"code\":\"session_expired\"}",
			PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 403 Forbidden\r\n", "{\"code\":\"forbidden\"}",
			PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 429 Too Many\r\nRetry-After: 900\r\n",
			"{\"code\":\"too_many_requests\"}", PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 500 Internal\r\n", "{\"code\":\"internal\"}", PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 302 Found\r\n", "", PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 404 Not Found\r\n", "404 page not found", PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 400 Bad Request\r\n", "{\"error\":\"no\"}", PROMO_E_OUTCOME_UNKNOWN },
		{ "HTTP/1.1 404 Not Found\r\n", "{\"code\":\"code_not_found\"}",
			PROMO_E_CODE_NOT_FOUND },
		{ "HTTP/1.1 409 Conflict\r\n", "{\"code\":\"of_tomorrow\"}",
			PROMO_E_VERSION_MISMATCH },
		{ "HTTP/1.1 409 Conflict\r\n", "{\"code\":\"code_expired\"}",
			PROMO_E_CODE_EXPIRED },
		{ "HTTP/1.1 422 Unprocessable\r\n", "{\"code\":\"idempotency_key_reused\"}",
			PROMO_E_IDEMPOTENCY_KEY_REUSED },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const struct step steps[] = { { .end = STEP_CLOSE },
			{ .bytes = cases[i].head, .body = cases[i].body } };
		struct talk t = talk(steps, PROMO_COUNT(steps), 20000);

		assert_int_equal(redeem(&t), cases[i].error);
		assert_int_equal(promo_client_settles(cases[i].error, &t.reply),
			cases[i].error != PROMO_E_OUTCOME_UNKNOWN);
		hang_up(&t);
		assert_int_equal(t.server->requests, 2);
		if (i == 0)
			assert_non_null(strstr(t.reply.problem.detail, "the session has ended"));
		end(&t);
	}
}

/* What stands in front of the server knows none for a moment: nothing is known of the key by that, and
 * an earlier run may have sent it. */
static void test_a_gateway_without_a_server(void **state)
{
	static const struct step step = { .bytes = "HTTP/1.1 404 Not Found\r\n",
		.body = "404 page not found" };
	struct talk t = talk(&step, 1, 20000);

	(void)state;
	assert_int_equal(redeem(&t), PROMO_E_UNAVAILABLE);
	assert_int_equal(t.reply.http_status, 404);
	assert_false(promo_client_settles(PROMO_E_UNAVAILABLE, &t.reply));
	hang_up(&t);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sends_again_what_is_safe),
		cmocka_unit_test(test_sends_once_what_is_not),
		cmocka_unit_test(test_gives_up_at_last),
		cmocka_unit_test(test_waits_as_it_is_told),
		cmocka_unit_test(test_keeps_its_deadline),
		cmocka_unit_test(test_asks_until_it_is_known),
		cmocka_unit_test(test_a_broken_connection_is_a_try),
		cmocka_unit_test(test_a_swallowed_answer),
		cmocka_unit_test(test_refusals_of_a_later_try),
		cmocka_unit_test(test_a_gateway_without_a_server),
	};

	return cmocka_run_group_tests_name("client/retries", tests, NULL, NULL);
}
