/* SPDX-License-Identifier: MIT */
/* A browser's session stands in a cookie that only the right pages can use: set at sign-in, also behind a
 * second factor, taken away at sign-out, ignored beside a bearer token, and no way to write for a page of
 * another origin. Pages of allowed origins are told what they may do; others are told nothing. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/promod/order.h"

#define PANEL     "https://panel.example.com"
#define OWN       "Origin: https://test\r\n"
#define ELSEWHERE "Origin: https://elsewhere.example\r\n"

enum {
	WAIT_MS = 10000
};
#define SIGN_IN "{\"identifier\":\"clerk@promo.example\",\"password\":\"correct horse battery\","

static int setup(void **state)
{
	struct api *api;
	char token[80];

	if (api_setup(state))
		return -1;
	api = *state;
	/* Of a role without a second factor, so that one request signs in. */
	api_user(api, "clerk@promo.example", "\"user\"", token);
	(void)promo_test_sql(api->database,
		"INSERT INTO user_permissions (user_id, permission_id, granted) SELECT u.id, p.id, "
		"true FROM users u, permissions p WHERE u.email = 'clerk@promo.example' AND p.key "
		"= 'users.create'");
	if (promo_test_daemon_end(&api->daemon, SIGTERM) != 0)
		return -1;
	promo_test_daemon_start_again(
		&api->daemon, api->database, (const char *[]){ "--allowed-origins", PANEL, NULL });
	return 0;
}

static const char *field(const struct api_answer *answer, const char *name)
{
	static char value[512];

	wire_field(&answer->wire, name, value, sizeof(value));
	return value;
}

/* Signs in as a browser: the line of its cookie, with what else it sends. */
static const char *sign_in(struct api *api, const char *more, const char *also)
{
	static char line[1024];
	struct api_answer answer;
	char body[256], pair[512];

	(void)snprintf(body, sizeof(body), SIGN_IN "\"cookie\":true%s}", more);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_auth_login, .body = body, .headers = OWN), 200);
	assert_string_equal(api_get(&answer, "token"), "null");
	assert_null(strstr(answer.body, "pmo_s_"));
	(void)snprintf(pair, sizeof(pair), "%s", field(&answer, "Set-Cookie"));
	assert_int_equal(strncmp(pair, "__Host-promo_session=pmo_s_", 27), 0);
	assert_non_null(strstr(pair, "; Path=/; HttpOnly; SameSite=Strict; Secure"));
	assert_int_equal(strstr(pair, "Max-Age=2592000") != NULL, *more != '\0');
	*strchr(pair, ';') = '\0';
	(void)snprintf(line, sizeof(line), "Cookie: a=b; %s\r\n%s", pair, also);
	return line;
}

static void test_a_session(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	const char *cookie = sign_in(api, ",\"remember\":true", OWN);

	assert_int_equal(ORDER(api, &answer, &promo_op_me_show, .headers = cookie), 200);
	assert_int_equal(ORDER(api, &answer, &promo_op_user_create, .headers = cookie,
				 .body = "{\"first_name\":\"A\",\"last_name\":\"B\","
					 "\"email\":\"made@example.com\"}"),
		201);
	assert_int_equal(ORDER(api, &answer, &promo_op_auth_logout, .headers = cookie), 204);
	assert_string_equal(field(&answer, "Set-Cookie"),
		"__Host-promo_session=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
	(void)ORDER(api, &answer, &promo_op_me_show, .headers = cookie);
	assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
	assert_string_equal(field(&answer, "Set-Cookie"), "");
	/* Whoever signs out of what has ended keeps nothing of it either. */
	(void)ORDER(api, &answer, &promo_op_auth_logout, .headers = cookie);
	assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
	assert_non_null(strstr(field(&answer, "Set-Cookie"), "Max-Age=0"));
	cookie = sign_in(api, "", OWN);
	(void)promo_test_sql(
		api->database, "UPDATE sessions SET created_at = created_at - interval '2 days'");
	(void)ORDER(api, &answer, &promo_op_auth_logout, .headers = cookie);
	assert_refused(&answer, PROMO_E_SESSION_EXPIRED);
	assert_non_null(strstr(field(&answer, "Set-Cookie"), "Max-Age=0"));
	(void)promo_test_sql(
		api->database, "UPDATE sessions SET created_at = created_at + interval '2 days'");
}

/* A refusal is written down a moment after its answer. */
static void wait_for_refusals(const struct api *api, const char *count)
{
	const int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	while (strcmp(promo_test_sql(api->database,
			      "SELECT coalesce(sum(count), 0) FROM audit_rows WHERE outcome = "
			      "'denied' AND action = 'auth.logout' AND error = "
			      "'origin_not_allowed'"),
		       count) != 0)
		assert_true(promo_monotonic_ms() < until_ms);
}

static void test_pages_of_others(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	const char *cookie = sign_in(api, "", "");

	/* Without a word of whose page it is, it may look. */
	assert_int_equal(ORDER(api, &answer, &promo_op_me_show, .headers = cookie), 200);
	(void)ORDER(api, &answer, &promo_op_auth_logout, .headers = cookie);
	assert_refused(&answer, PROMO_E_ORIGIN_NOT_ALLOWED);
	cookie = sign_in(api, "", ELSEWHERE);
	(void)ORDER(api, &answer, &promo_op_auth_logout, .headers = cookie);
	assert_refused(&answer, PROMO_E_ORIGIN_NOT_ALLOWED);
	wait_for_refusals(api, "2");
	cookie = sign_in(api, "", "Origin: " PANEL "\r\n");
	assert_int_equal(ORDER(api, &answer, &promo_op_auth_logout, .headers = cookie), 204);
	assert_string_equal(field(&answer, "Access-Control-Allow-Origin"), PANEL);
	(void)ORDER(api, &answer, &promo_op_auth_login, .headers = ELSEWHERE,
		.body = SIGN_IN "\"cookie\":true}");
	assert_refused(&answer, PROMO_E_ORIGIN_NOT_ALLOWED);
}

static void test_a_bearer_wins(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	const char *cookie = sign_in(api, "", ELSEWHERE);
	char basic[1100];

	/* It is who the token says, who needs no origin, and no cookie helps a token that is none. */
	(void)ORDER(api, &answer, &promo_op_me_show, "pmo_s_garbage", .headers = cookie);
	assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
	assert_int_equal(ORDER(api, &answer, &promo_op_user_create, api->token, .headers = cookie,
				 .body = "{\"first_name\":\"A\",\"last_name\":\"B\","
					 "\"email\":\"bearer@example.com\"}"),
		201);
	/* Not even a scheme that is not ours lets the cookie in. */
	(void)snprintf(basic, sizeof(basic), "%sAuthorization: Basic YTpi\r\n", cookie);
	(void)ORDER(api, &answer, &promo_op_me_show, .headers = basic);
	assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
}

static void test_on_plain_http(void **state)
{
	static const char head[] =
		"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s";
	static const char body[] = SIGN_IN "\"cookie\":true}";
	const struct api_request request = { .method = "POST" };
	struct api *api = *state;
	struct api_answer answer;
	struct wire wire;
	char text[512];

	(void)snprintf(text, sizeof(text), head, strlen(body), body);
	wire_open(&wire, api->daemon.port);
	wire_text(&wire, text);
	api_receive(&wire, &request, &answer);
	wire_close(&wire);
	assert_int_equal(answer.status, 200);
	assert_int_equal(strncmp(field(&answer, "Set-Cookie"), "promo_session=pmo_s_", 20), 0);
	assert_null(strstr(field(&answer, "Set-Cookie"), "Secure"));
}

static void ask_options(struct api *api, const char *headers, struct api_answer *ret)
{
	(void)API(api, ret, "OPTIONS", "/api/v1/users", .headers = headers);
}

static void test_preflight(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	ask_options(api,
		"Origin: " PANEL "\r\nAccess-Control-Request-Method: POST\r\n"
		"Access-Control-Request-Headers: content-type\r\n",
		&answer);
	assert_int_equal(answer.status, 204);
	assert_string_equal(field(&answer, "Access-Control-Allow-Origin"), PANEL);
	assert_string_equal(field(&answer, "Access-Control-Allow-Credentials"), "true");
	assert_non_null(strstr(field(&answer, "Access-Control-Allow-Methods"), "POST"));
	assert_non_null(strstr(field(&answer, "Access-Control-Allow-Headers"), "Idempotency-Key"));
	assert_string_equal(field(&answer, "Vary"), "Origin");
	ask_options(api, ELSEWHERE "Access-Control-Request-Method: POST\r\n", &answer);
	assert_int_equal(answer.status, 405);
	assert_string_equal(field(&answer, "Access-Control-Allow-Origin"), "");
	ask_options(api, "Origin: " PANEL "\r\n", &answer);
	assert_int_equal(answer.status, 405);
	/* Answers, refusals too, are shown to the allowed alone. */
	(void)ORDER(api, &answer, &promo_op_me_show, .headers = "Origin: " PANEL "\r\n");
	assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
	assert_string_equal(field(&answer, "Access-Control-Allow-Origin"), PANEL);
	assert_non_null(strstr(field(&answer, "Access-Control-Expose-Headers"), "Retry-After"));
	(void)ORDER(api, &answer, &promo_op_me_show, api->token, .headers = ELSEWHERE);
	assert_int_equal(answer.status, 200);
	assert_string_equal(field(&answer, "Access-Control-Allow-Origin"), "");
	assert_string_equal(field(&answer, "Vary"), "Origin");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_session),
		cmocka_unit_test(test_pages_of_others),
		cmocka_unit_test(test_a_bearer_wins),
		cmocka_unit_test(test_on_plain_http),
		cmocka_unit_test(test_preflight),
	};

	return cmocka_run_group_tests(tests, setup, api_teardown);
}
