/* SPDX-License-Identifier: MIT */
/* Proves that calls which are under way at once do not hinder each other nor the one who waits for
 * something else, and that each ends as it would have ended alone. */
#include <string.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "tests/client/talk.h"

static struct promo_client_call *begin_version(struct talk *talk)
{
	struct promo_client_call *call;

	assert_int_equal(promo_client_begin(talk->client, &promo_op_server_version, NULL, NULL,
				 talk->arena, &call),
		0);
	return call;
}

static struct promo_client_call *begin_redeem(struct talk *talk)
{
	struct promo_client_call *call;
	char key[] = "key-1";
	char code[] = "A1U2C3255X096E21";
	struct promo_redemption_create_in in = { .code = code, .phone_number = "+250788123456" };
	const struct promo_call options = { .idempotency_key = key };

	assert_int_equal(promo_client_begin(talk->client, &promo_op_redemption_create, &in,
				 &options, talk->arena, &call),
		0);
	/* Nothing of it is looked at again. */
	memset(key, 'x', sizeof(key) - 1);
	memset(code, '0', sizeof(code) - 1);
	return call;
}

static void wait_for(struct talk *talk, const struct promo_client_call *call)
{
	while (!promo_client_is_over(call))
		assert_int_equal(promo_client_wait(talk->client, NULL, 0, 20000, NULL), 0);
}

/* The first is never answered; the second is, on a connection of its own. */
static void test_one_does_not_wait_for_another(void **state)
{
	static const struct step steps[] = { { .silent = true }, { OK_VERSION } };
	struct talk t = talk(steps, 2, 600);
	struct promo_client_call *slow, *fast;
	const struct promo_version_answer *version;

	(void)state;
	slow = begin_version(&t);
	/* Until the server has read it, or the script's order would be left to chance. */
	while (__atomic_load_n(&t.server->requests, __ATOMIC_ACQUIRE) == 0)
		assert_int_equal(promo_client_wait(t.client, NULL, 0, 5, NULL), 0);
	fast = begin_version(&t);
	wait_for(&t, fast);
	assert_false(promo_client_is_over(slow));
	assert_int_equal(promo_client_end(fast, &t.reply), 0);
	version = t.reply.out;
	assert_string_equal(version->name, "promod");
	wait_for(&t, slow);
	assert_int_equal(promo_client_end(slow, &t.reply), PROMO_E_UNAVAILABLE);
	assert_non_null(strstr(t.reply.problem.detail, "in time"));
	hang_up(&t);
	assert_int_equal(t.server->accepted, 2);
	end(&t);
}

static void test_many_at_once(void **state)
{
	static const struct step steps[] = { { OK_VERSION }, { OK_VERSION }, { OK_VERSION },
		{ OK_VERSION }, { OK_VERSION }, { OK_VERSION } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);
	struct promo_client_call *calls[PROMO_COUNT(steps)];

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(calls); i++)
		calls[i] = begin_version(&t);
	for (size_t i = PROMO_COUNT(calls); i-- > 0;) {
		wait_for(&t, calls[i]);
		assert_int_equal(promo_client_end(calls[i], &t.reply), 0);
		assert_string_equal(t.reply.json, VERSION);
	}
	hang_up(&t);
	assert_int_equal(t.server->requests, PROMO_COUNT(steps));
	end(&t);
}

/* Whoever waits sees his own descriptor at once, whatever is under way. */
static void test_other_descriptors(void **state)
{
	static const struct step steps[] = { { .silent = true }, { OK_VERSION } };
	struct talk t = talk(steps, 2, 60000);
	struct promo_client_call *call = begin_version(&t);
	const int64_t before_ms = promo_monotonic_ms();
	bool readable[2] = { false, false };
	int quiet[2], loud[2];

	(void)state;
	assert_int_equal(pipe(quiet), 0);
	assert_int_equal(pipe(loud), 0);
	assert_int_equal(write(loud[1], "k", 1), 1);
	while (!readable[1])
		assert_int_equal(promo_client_wait(t.client, (int[]){ quiet[0], loud[0] }, 2, 30000,
					 readable),
			0);
	assert_false(readable[0]);
	/* The end of a stream is something to read. */
	assert_int_equal(close(quiet[1]), 0);
	readable[0] = false;
	while (!readable[0])
		assert_int_equal(
			promo_client_wait(t.client, (int[]){ quiet[0] }, 1, 30000, readable), 0);
	assert_false(promo_client_is_over(call));
	promo_client_cancel(call);
	/* Nothing is under way. */
	assert_int_equal(promo_client_wait(t.client, (int[]){ loud[0] }, 1, 30000, readable), 0);
	assert_true(readable[0]);
	readable[0] = true;
	assert_int_equal(read(loud[0], (char[1]){ 0 }, 1), 1);
	assert_int_equal(promo_client_wait(t.client, (int[]){ loud[0] }, 1, 1, readable), 0);
	assert_false(readable[0]);
	assert_true(promo_monotonic_ms() - before_ms < 30000);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(close(loud[i]), 0);
	assert_int_equal(close(quiet[0]), 0);
	hang_up(&t);
	end(&t);
}

/* What was perhaps done is asked for again while other calls come and go. */
static void test_retries_beside_others(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE },
		{ .bytes = "HTTP/1.1 201 Created\r\n", .body = "{\"id\":\"r\"}" } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);
	struct promo_client_call *call = begin_redeem(&t);

	(void)state;
	assert_false(promo_client_is_over(call));
	wait_for(&t, call);
	assert_int_equal(promo_client_end(call, &t.reply), 0);
	hang_up(&t);
	assert_int_equal(t.server->requests, 2);
	assert_non_null(strstr(t.server->texts[0], "\r\nIdempotency-Key: key-1\r\n"));
	assert_non_null(strstr(t.server->texts[0], "A1U2-C325-5X09-6E21"));
	assert_string_equal(t.server->texts[1], t.server->texts[0]);
	end(&t);
}

/* A call keeps the token that it began with, also for its retries. */
static void test_a_change_of_user_meanwhile(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE }, { OK_VERSION },
		{ OK_VERSION } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);
	struct promo_client_call *call = begin_version(&t);

	(void)state;
	assert_int_equal(promo_client_set_token(t.client, "pmo_s_other"), 0);
	wait_for(&t, call);
	assert_int_equal(promo_client_end(call, &t.reply), 0);
	assert_int_equal(ask_version(&t), 0);
	hang_up(&t);
	assert_non_null(strstr(t.server->texts[1], "Bearer pmo_s_test\r\n"));
	assert_non_null(strstr(t.server->texts[2], "Bearer pmo_s_other\r\n"));
	end(&t);
}

/* Throttled and in maintenance: how long is told at once, unless something may have been done. */
static void test_the_impatient_are_told_how_long(void **state)
{
	static const struct step steps[] = {
		{ .bytes = "HTTP/1.1 429 Too Many\r\nRetry-After: 900\r\n",
			.body = "{\"code\":\"too_many_requests\"}" },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nRetry-After: 60\r\n",
			.body = "{\"code\":\"maintenance\",\"detail\":\"back at nine\"}" },
		{ .end = STEP_CLOSE },
		{ .bytes = "HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\n",
			.body = "{\"code\":\"unavailable\"}" },
		{ .bytes = "HTTP/1.1 201 Created\r\n", .body = "{\"id\":\"r\"}" },
	};
	struct server *server = server_start(steps, PROMO_COUNT(steps));
	const struct promo_client_config config = { .server = server->address, .impatient = true };
	struct talk t = { .server = server, .arena = promo_arena_new(64 * 1024 * 1024) };
	const int64_t before_ms = promo_monotonic_ms();

	(void)state;
	assert_int_equal(promo_client_new(&config, &t.client), 0);
	assert_int_equal(ask_version(&t), PROMO_E_TOO_MANY_REQUESTS);
	assert_int_equal(t.reply.problem.retry_after_s, 900);
	assert_int_equal(redeem(&t), PROMO_E_MAINTENANCE);
	assert_int_equal(t.reply.problem.retry_after_s, 60);
	assert_string_equal(t.reply.problem.detail, "back at nine");
	assert_true(promo_monotonic_ms() - before_ms < 20000);
	assert_int_equal(redeem(&t), 0);
	hang_up(&t);
	assert_int_equal(t.server->requests, PROMO_COUNT(steps));
	end(&t);
}

/* What cannot be sent is over before it begins, and says why in the end. */
static void test_what_cannot_begin(void **state)
{
	static const struct step steps[] = { { OK_VERSION } };
	struct talk t = talk(steps, 1, 5000);
	struct promo_client_call *call;

	(void)state;
	assert_int_equal(promo_client_set_token(t.client, "a\nb"), 0);
	call = begin_version(&t);
	assert_true(promo_client_is_over(call));
	assert_int_equal(promo_client_wait(t.client, NULL, 0, -1, NULL), 0);
	assert_int_equal(promo_client_end(call, &t.reply), PROMO_E_INVALID_INPUT);
	assert_non_null(t.reply.problem.detail);
	hang_up(&t);
	assert_int_equal(t.server->requests, 0);
	end(&t);
}

/* In a pause, in the middle of an answer, and when it is over. */
static void test_cancelled_anywhere(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE },
		{ .bytes = OK_START "Content-Length: 43\r\n\r\n{" }, { OK_VERSION } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);
	struct promo_client_call *call;

	(void)state;
	promo_client_cancel(begin_version(&t));
	for (size_t sent = 1; sent <= PROMO_COUNT(steps); sent++) {
		call = begin_version(&t);
		while (__atomic_load_n(&t.server->requests, __ATOMIC_ACQUIRE) < sent)
			assert_int_equal(promo_client_wait(t.client, NULL, 0, 5, NULL), 0);
		promo_client_cancel(call);
	}
	hang_up(&t);
	end(&t);
}

/* One failed try is no news; two are, until the call is answered. */
static void test_struggles_are_told(void **state)
{
	static const struct step steps[] = { { .end = STEP_CLOSE },
		{ OK_VERSION, .end = STEP_CLOSE }, { .end = STEP_CLOSE }, { .end = STEP_CLOSE },
		{ OK_VERSION, .end = STEP_CLOSE } };
	struct talk t = talk(steps, PROMO_COUNT(steps), 20000);

	(void)state;
	assert_false(promo_client_is_struggling(t.client));
	for (int i = 0; i < 2; i++) {
		struct promo_client_call *call = begin_version(&t);
		bool struggled = false;

		while (!promo_client_is_over(call)) {
			assert_int_equal(promo_client_wait(t.client, NULL, 0, 20000, NULL), 0);
			struggled = struggled || promo_client_is_struggling(t.client);
		}
		assert_int_equal(struggled, i == 1);
		assert_false(promo_client_is_struggling(t.client));
		assert_int_equal(promo_client_end(call, &t.reply), 0);
	}
	hang_up(&t);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_does_not_wait_for_another),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_other_descriptors),
		cmocka_unit_test(test_retries_beside_others),
		cmocka_unit_test(test_a_change_of_user_meanwhile),
		cmocka_unit_test(test_the_impatient_are_told_how_long),
		cmocka_unit_test(test_what_cannot_begin),
		cmocka_unit_test(test_cancelled_anywhere),
		cmocka_unit_test(test_struggles_are_told),
	};

	return cmocka_run_group_tests_name("client/begin", tests, NULL, NULL);
}
