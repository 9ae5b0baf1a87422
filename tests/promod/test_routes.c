/* SPDX-License-Identifier: MIT */
/* Every operation there is, by its row: closed to who is not signed in and to who lacks the
 * permission, answered with a problem that names its request, and only with the methods it has. A
 * new row is tested by being there. And what a request said is wiped. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/op.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/lib/wire.h"
#include "tests/promod/api.h"

#define SOME_ID "01900000-0000-7000-8000-000000000000"

/* The path of an operation, with an id for each of its {names}. */
static void fill_path(const struct promo_op *op, char *ret, size_t size)
{
	size_t used =
		(size_t)snprintf(ret, size, "%s", op->flags & PROMO_OP_ROOT ? "" : PROMO_API_BASE);

	for (const char *at = op->path; *at; at++) {
		if (*at == '{') {
			used += (size_t)snprintf(ret + used, size - used, "%s", SOME_ID);
			at = strchr(at, '}');
		} else {
			ret[used++] = *at;
		}
		assert_true(used < size);
	}
	ret[used] = '\0';
}

static void assert_field(const struct api_answer *answer, const char *name, const char *value)
{
	char found[256];

	wire_field(&answer->wire, name, found, sizeof(found));
	assert_string_equal(found, value);
}

/* A refusal that a client can do something with. */
static void assert_problem(
	const struct promo_op *op, const struct api_answer *answer, int status, const char *code)
{
	char id[256];

	if (answer->status != status || strcmp(api_get(answer, "code"), code) != 0)
		print_error("%s: %d %s\n", op->name, answer->status, answer->body);
	assert_int_equal(answer->status, status);
	assert_string_equal(api_get(answer, "code"), code);
	assert_field(answer, "Content-Type", "application/problem+json");
	assert_field(answer, "Cache-Control", "no-store");
	(void)snprintf(id, sizeof(id), "%s", api_get(answer, "request_id"));
	assert_true(id[0]);
	assert_field(answer, "X-Request-Id", id);
}

static void ask(
	struct api *api, const struct promo_op *op, const char *token, struct api_answer *ret)
{
	char path[256];

	fill_path(op, path, sizeof(path));
	(void)API(api, ret, promo_method_name(op->method), path, .token = token);
}

static void test_without_token(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		ask(api, op, NULL, &answer);
		if (op->access == PROMO_ACCESS_PUBLIC) {
			assert_int_not_equal(answer.status, 401);
			assert_int_not_equal(answer.status, 403);
			continue;
		}
		assert_problem(op, &answer, 401, "unauthenticated");
		assert_field(&answer, "WWW-Authenticate", "Bearer");
	}
}

static void test_with_wrong_tokens(void **state)
{
	static const char *const tokens[] = { "pmo_s_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"pmo_k_1", "x", "' OR 1=1 --", "\xc3\xa9" };
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; promo_ops[i]; i++) {
		if (promo_ops[i]->access == PROMO_ACCESS_PUBLIC)
			continue;
		ask(api, promo_ops[i], tokens[i % PROMO_COUNT(tokens)], &answer);
		assert_problem(promo_ops[i], &answer, 401, "unauthenticated");
	}
}

static void test_without_permission(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char token[80];
	int closed = 0;

	api_user(api, "nobody@promo.example", "", token);
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (op->access != PROMO_ACCESS_PERMISSION)
			continue;
		ask(api, op, token, &answer);
		assert_problem(op, &answer, 403, "forbidden");
		if (op->required[0].when == PROMO_WHEN_ALWAYS)
			assert_string_equal(api_get(&answer, "permission"),
				promo_permission_key(op->required[0].permission));
		closed++;
	}
	assert_true(closed > 20);
}

/* Nobody signs out before this: the operations of the own session are looked at last. */
static void test_with_every_right(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char token[80];

	api_user(api, "all@promo.example", "\"super-admin\"", token);
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (op->access != PROMO_ACCESS_PERMISSION)
			continue;
		ask(api, op, token, &answer);
		if (answer.status == 401 || answer.status == 403 || answer.status >= 500)
			print_error("%s: %d %s\n", op->name, answer.status, answer.body);
		assert_int_not_equal(answer.status, 401);
		assert_int_not_equal(answer.status, 403);
		assert_true(answer.status < 500);
	}
}

static void test_methods(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		char path[256], allow[256];

		fill_path(op, path, sizeof(path));
		(void)API(api, &answer, "BREW", path);
		assert_problem(op, &answer, 405, "method_not_allowed");
		wire_field(&answer.wire, "Allow", allow, sizeof(allow));
		assert_non_null(strstr(allow, promo_method_name(op->method)));
		if (op->method != PROMO_GET)
			continue;
		assert_non_null(strstr(allow, "HEAD"));
		(void)API(api, &answer, "HEAD", path);
		assert_int_equal(
			answer.status, op->access == PROMO_ACCESS_PUBLIC ? op->status : 401);
		assert_string_equal(answer.body, "");
	}
}

static void test_nowhere(void **state)
{
	static const char *const paths[] = { "/", "/api", "/api/v1", "/api/v1/", "/api/v1/batches/",
		"/api/v1//batches", "/api/v2/batches", "/API/v1/batches",
		"/api/v1/batches/%2e%2e/me", "/../etc/passwd",
		"/api/v1/batches/" SOME_ID "/codes.csv/x", "/healthz/" };
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; i < PROMO_COUNT(paths); i++) {
		(void)API(api, &answer, "GET", paths[i], .token = api->token);
		if (answer.status != 404)
			print_error("%s: %d\n", paths[i], answer.status);
		assert_int_equal(answer.status, 404);
		assert_string_equal(api_get(&answer, "code"), "not_found");
	}
}

static long refusals(struct api *api, const char *operation)
{
	return strtol(promo_test_sql(api->database,
			      "SELECT count(*) FROM audit_log "
			      "WHERE action = '%s' AND outcome = 'denied'",
			      operation),
		NULL, 10);
}

/* Each operation leaves its row in the audit trail, refused ones too. */
static void test_audited(void **state)
{
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		long rows;

		if (op->access != PROMO_ACCESS_PERMISSION || op->flags & PROMO_OP_UNAUDITED)
			continue;
		rows = refusals(*state, op->name);
		if (rows < 2)
			print_error("%s: %ld rows\n", op->name, rows);
		assert_true(rows >= 2);
	}
}

/* How many pieces of the daemon's memory hold a text; -1 where it is not ours to read. What is mapped and never
 * written, like the shadow of a sanitizer, is left out by its size. */
static int count_in_memory(pid_t pid, const char *text)
{
	enum {
		REGION_MAX = 256 * 1024 * 1024
	};
	char path[64], line[512];
	unsigned long from, to;
	FILE *maps;
	int fd, count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (fd < 0 || !maps)
		return -1;
	while (fgets(line, sizeof(line), maps)) {
		char *bytes;
		ssize_t size;

		if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 || to - from > REGION_MAX)
			continue;
		bytes = malloc(to - from);
		assert_non_null(bytes);
		size = pread(fd, bytes, to - from, (off_t)from);
		for (char *at = bytes; size > 0; at++, count++) {
			at = memmem(at, (size_t)(bytes + size - at), text, strlen(text));
			if (!at)
				break;
		}
		free(bytes);
	}
	assert_int_equal(fclose(maps), 0);
	assert_int_equal(close(fd), 0);
	return count;
}

static void assert_soon_forgotten(struct api *api, const char *text)
{
	const int64_t patience_ms = promo_monotonic_ms() + 20000;

	while (count_in_memory(api->daemon.pid, text) > 0)
		assert_true(promo_monotonic_ms() < patience_ms);
}

/* A password that was tried, and the token of who tried it, are soon in no memory any more. */
static void test_secrets_are_wiped(void **state)
{
	struct api *api = *state;
	static struct api_answer answer;

	assert_int_equal(
		API(api, &answer, "POST", "/api/v1/auth/login", .token = "pmo_s_glockenspiel",
			.body = "{\"identifier\": \"somebody@example.com\","
				" \"password\": \"glockenspiel among the reeds\"}"),
		401);
	assert_soon_forgotten(api, "glockenspiel");
}

/* Nor where it came in pieces, each of which is put behind those before in more room than they had, and on
 * a connection that stays. */
static void test_secrets_in_pieces_are_wiped(void **state)
{
	enum {
		BODY_BYTES = 40000
	};
	static const char head[] =
		"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
		"Content-Type: application/json\r\nContent-Length: 40000\r\n\r\n",
			  start[] = "{\"identifier\": \"somebody@example.com\","
				    " \"password\": \"xylophones among the reeds\"}";
	struct api *api = *state;
	static char body[BODY_BYTES + 1];
	struct wire_answer answer;
	struct wire wire;

	(void)snprintf(body, sizeof(body), "%-*s", BODY_BYTES, start);
	wire_open(&wire, api->daemon.port);
	wire_text(&wire, head);
	for (size_t at = 0; at < BODY_BYTES; at += 1000)
		wire_send(&wire, body + at, 1000);
	wire_answer(&wire, /* has_body= */ true, &answer);
	assert_int_equal(answer.status, 401);
	assert_int_equal(wire_get(&wire, "/healthz", &answer), 200);
	assert_soon_forgotten(api, "xylophones");
	wire_close(&wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_token),
		cmocka_unit_test(test_with_wrong_tokens),
		cmocka_unit_test(test_without_permission),
		cmocka_unit_test(test_with_every_right),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_audited),
		cmocka_unit_test(test_secrets_are_wiped),
		cmocka_unit_test(test_secrets_in_pieces_are_wiped),
	};

	return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
