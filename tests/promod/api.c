/* SPDX-License-Identifier: MIT */
#include "tests/promod/api.h"

#include <jansson.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/authenticator.h"
#include "tests/lib/test.h"

#define PASSWORD "correct horse battery"

enum {
	JOB_MS = 60 * 1000
};

int api_setup(void **state)
{
	struct api *api = calloc(1, sizeof(*api));
	char said[4096];

	if (!api)
		return -1;
	api->database = promo_test_database_new();
	if (!api->database)
		return -1;
	promo_test_daemon_start(&api->daemon, api->database, NULL);
	if (promo_test_promod((const char *[]){ "admin", "create", "--email", "boss@promo.example",
				      "--password-stdin", "--database", api->database->app_uri,
				      "--run-as", getpwnam("postgres") ? "postgres" : "nobody",
				      "--state-dir", api->daemon.state_dir, NULL },
		    PASSWORD "\n", said, sizeof(said)) != 0) {
		print_error("%s", said);
		return -1;
	}
	api_sign_in(api, "boss@promo.example", PASSWORD, api->token);
	*state = api;
	return 0;
}

int api_teardown(void **state)
{
	struct api *api = *state;

	promo_test_daemon_free(&api->daemon);
	promo_test_database_free(api->database);
	free(api);
	return 0;
}

void api_send(struct wire *wire, const struct api_request *request)
{
	char head[4096];
	int size = snprintf(head, sizeof(head),
		"%s %s HTTP/1.1\r\nHost: test\r\n%s%s%s%s%sContent-Length: %zu\r\n\r\n",
		request->method, request->path, request->token ? "Authorization: Bearer " : "",
		request->token ? request->token : "", request->token ? "\r\n" : "",
		request->body ? "Content-Type: application/json\r\n" : "",
		request->headers ? request->headers : "",
		request->body ? strlen(request->body) : 0);

	assert_true(size > 0 && (size_t)size < sizeof(head));
	wire_send(wire, head, (size_t)size);
	if (request->body)
		wire_text(wire, request->body);
}

void api_receive(struct wire *wire, const struct api_request *request, struct api_answer *ret)
{
	wire_answer(wire, strcmp(request->method, "HEAD") != 0, &ret->wire);
	assert_true(ret->wire.body_size < sizeof(ret->body));
	if (ret->wire.body)
		memcpy(ret->body, ret->wire.body, ret->wire.body_size);
	ret->body[ret->wire.body ? ret->wire.body_size : 0] = '\0';
	ret->wire.body = NULL;
	ret->status = ret->wire.status;
}

int api_ask(struct api *api, const struct api_request *request, struct api_answer *ret)
{
	struct wire wire;

	wire_open(&wire, api->daemon.port);
	api_send(&wire, request);
	api_receive(&wire, request, ret);
	wire_close(&wire);
	return ret->status;
}

static const json_t *find(const json_t *from, const char *path)
{
	while (from && *path) {
		size_t size = strcspn(path, ".");
		char name[64];

		(void)snprintf(name, sizeof(name), "%.*s", (int)size, path);
		from = json_is_array(from) ? json_array_get(from, strtoul(name, NULL, 10))
					   : json_object_get(from, name);
		path += size;
		path += *path == '.';
	}
	return from;
}

const char *api_get(const struct api_answer *answer, const char *path)
{
	static char text[4096];
	json_t *all = json_loads(answer->body, JSON_REJECT_DUPLICATES, NULL);
	const json_t *value = find(all, path);
	char *dumped = NULL;

	text[0] = '\0';
	if (json_is_string(value))
		(void)snprintf(text, sizeof(text), "%s", json_string_value(value));
	else if (value)
		dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	if (dumped)
		(void)snprintf(text, sizeof(text), "%s", dumped);
	free(dumped);
	json_decref(all);
	return text;
}

/* What the first sign-in of an administrator leads through. */
static void enrol(struct api *api, const char *token)
{
	char code[AUTHENTICATOR_CODE_SIZE], body[64];
	struct api_answer answer;

	assert_int_equal(API(api, &answer, "POST", "/api/v1/me/mfa/totp", .token = token), 200);
	authenticator_code(api_get(&answer, "secret"), 0, code);
	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	assert_int_equal(API(api, &answer, "POST", "/api/v1/me/mfa/totp/confirm", .token = token,
				 .body = body),
		200);
}

void api_sign_in(struct api *api, const char *identifier, const char *password, char ret_token[80])
{
	struct api_answer answer;
	char body[256];

	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"%s\"}",
		identifier, password);
	assert_int_equal(API(api, &answer, "POST", "/api/v1/auth/login", .body = body), 200);
	(void)snprintf(ret_token, 80, "%s", api_get(&answer, "token"));
	assert_true(strlen(ret_token) > 40);
	if (strcmp(api_get(&answer, "mfa_enrolment_required"), "true") == 0)
		enrol(api, ret_token);
}

void api_user(struct api *api, const char *email, const char *roles, char ret_token[80])
{
	struct api_answer answer;
	char body[512];

	(void)snprintf(body, sizeof(body),
		"{\"first_name\":\"A\",\"last_name\":\"B\",\"email\":\"%s\",\"password\":\"%s\","
		"\"roles\":[%s]}",
		email, PASSWORD, roles);
	assert_int_equal(
		API(api, &answer, "POST", "/api/v1/users", .token = api->token, .body = body), 201);
	api_sign_in(api, email, PASSWORD, ret_token);
}

void api_batch(struct api *api, const char *name, int codes, char ret_id[40])
{
	int64_t until_ms = promo_monotonic_ms() + JOB_MS;
	struct api_answer answer;
	char body[512], path[128];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\":\"%s\",\"total_codes\":%d,\"amount_per_code\":\"500.00\","
		"\"expiration_date\":\"2099-12-31\"}",
		name, codes);
	assert_int_equal(
		API(api, &answer, "POST", "/api/v1/batches", .token = api->token, .body = body),
		201);
	(void)snprintf(ret_id, 40, "%s", api_get(&answer, "batch.id"));
	(void)snprintf(path, sizeof(path), "/api/v1/batches/%s", ret_id);
	do {
		(void)poll(NULL, 0, 20);
		assert_int_equal(API(api, &answer, "GET", path, .token = api->token), 200);
		assert_true(promo_monotonic_ms() < until_ms);
	} while (strcmp(api_get(&answer, "status"), "generating") == 0);
	assert_string_equal(api_get(&answer, "status"), "active");
}

void api_code(struct api *api, const char *batch_id, int index, char ret_code[40])
{
	struct api_answer answer;
	char path[128], member[64];

	(void)snprintf(path, sizeof(path), "/api/v1/codes?batch_id=%s&limit=100", batch_id);
	assert_int_equal(API(api, &answer, "GET", path, .token = api->token), 200);
	(void)snprintf(member, sizeof(member), "items.%d.code", index);
	(void)snprintf(ret_code, 40, "%s", api_get(&answer, member));
	assert_int_equal(strlen(ret_code), 19);
}

double api_metric(const char *text, const char *name)
{
	char start[128];
	const char *line;

	(void)snprintf(start, sizeof(start), "\n%s ", name);
	line = strstr(text, start);
	assert_non_null(line);
	return strtod(line + strlen(start), NULL);
}
