/* SPDX-License-Identifier: MIT */
#include "tests/promod/order.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"

enum {
	OPS_MAX = 256,
	HEAD_MAX = 4096
};

static bool came[OPS_MAX][PROMO_E_COUNT];

static size_t number_of(const struct promo_op *op)
{
	for (size_t i = 0; i < OPS_MAX && promo_ops[i]; i++)
		if (promo_ops[i] == op)
			return i;
	fail_msg("%s is not in the list", op->name);
	return 0;
}

bool order_came(const struct promo_op *op, int error)
{
	return came[number_of(op)][error];
}

/*
 * The request.
 */

static void write_path(const struct order *order, char *ret, size_t size)
{
	const struct promo_op *op = order->op;
	size_t used =
		(size_t)snprintf(ret, size, "%s", op->flags & PROMO_OP_ROOT ? "" : PROMO_API_BASE);

	for (const char *at = op->path; *at; at++) {
		const char *value = order->id ? order->id : ORDER_NO_ID;

		assert_true(used + 1 < size);
		if (*at != '{') {
			ret[used++] = *at;
			ret[used] = '\0';
			continue;
		}
		if (strncmp(at, "{role}", strlen("{role}")) == 0)
			value = order->role ? order->role : "user";
		used += (size_t)snprintf(ret + used, size - used, "%s", value);
		at = strchr(at, '}');
	}
	assert_true(used < size);
	(void)snprintf(ret + used, size - used, "%s%s", order->query ? "?" : "",
		order->query ? order->query : "");
}

static void add(char *head, const char *name, const char *value)
{
	size_t used = strlen(head);

	if (!value)
		return;
	assert_true(used + strlen(name) + strlen(value) + 5 < HEAD_MAX);
	(void)snprintf(head + used, HEAD_MAX - used, "%s: %s\r\n", name, value);
}

static const char *id_of(const struct order *order)
{
	static char id[32];
	static unsigned number;

	if (order->request_id)
		return order->request_id;
	(void)snprintf(id, sizeof(id), "order-%u", ++number);
	return id;
}

void order_begin(struct wire *wire, const struct order *order)
{
	char head[HEAD_MAX], path[1024], bearer[256], length[32];
	size_t size = order->body ? strlen(order->body) : 0;

	write_path(order, path, sizeof(path));
	(void)snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\nHost: test\r\n",
		promo_method_name(order->op->method), path);
	if (order->token) {
		(void)snprintf(bearer, sizeof(bearer), "Bearer %s", order->token);
		add(head, "Authorization", bearer);
	}
	if (order->body && !(order->headers && strstr(order->headers, "Content-Type")))
		add(head, "Content-Type",
			order->op->body == PROMO_BODY_JSON ? "application/json"
							   : order->op->media_types[0]);
	if (!order->headers || !strstr(order->headers, "Content-Length")) {
		(void)snprintf(length, sizeof(length), "%zu", size);
		add(head, "Content-Length", length);
	}
	add(head, "X-Request-Id", id_of(order));
	add(head, "Idempotency-Key", order->key);
	add(head, "If-Match", order->if_match);
	wire_text(wire, head);
	wire_text(wire, order->headers ? order->headers : "");
	wire_text(wire, "\r\n");
	if (size > 1)
		wire_send(wire, order->body, size - 1);
}

void order_finish(struct wire *wire, const struct order *order)
{
	size_t size = order->body ? strlen(order->body) : 0;

	if (size > 0)
		wire_send(wire, order->body + size - 1, 1);
}

const char *order_good_body(const struct promo_op *op)
{
	if (op == &promo_op_user_assign_role)
		return "{\"role\":\"user\"}";
	if (op == &promo_op_batch_status)
		return "{\"status\":\"blocked\"}";
	if (op == &promo_op_batch_generate)
		return "{\"count\":1}";
	if (op == &promo_op_code_status)
		return "{\"status\":\"blocked\"}";
	if (op == &promo_op_batch_assign)
		return "{\"user_id\":null}";
	if (op == &promo_op_fraud_report_note)
		return "{\"text\":\"seen\"}";
	if (op == &promo_op_batch_export)
		return "{\"format\":\"csv\"}";
	if (op == &promo_op_settings_import)
		return "{\"format\":\"promo-settings\",\"settings\":{}}";
	if (op == &promo_op_alert_resolve)
		return "{\"note\":\"it was a test\"}";
	if (op == &promo_op_customer_erase)
		return "{\"reason\":\"asked for\"}";
	if (op->body == PROMO_BODY_BYTES)
		return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";
	if (op->body != PROMO_BODY_JSON)
		return "code\n0000\n";
	return promo_op_takes_json(op) ? "{}" : NULL;
}

/*
 * The answer.
 */

static void show(const struct promo_op *op, const struct api_answer *answer)
{
	print_error("%s: %s%s\n", op->name, answer->wire.head, answer->body);
}

static const char *field_of(const struct api_answer *answer, const char *name)
{
	static char value[512];

	wire_field(&answer->wire, name, value, sizeof(value));
	return value;
}

/* api.md: every refusal is a whole problem that names its request. */
static bool is_whole_problem(const struct api_answer *answer, int error)
{
	const struct promo_error_info *info = promo_error_info(error);
	char text[512];

	(void)snprintf(text, sizeof(text), "%s", field_of(answer, "X-Request-Id"));
	if (!text[0] || strcmp(api_get(answer, "request_id"), text) != 0)
		return false;
	if (strcmp(field_of(answer, "Content-Type"), "application/problem+json") != 0)
		return false;
	(void)snprintf(text, sizeof(text), "urn:promo:error:%s", info->wire);
	if (strcmp(api_get(answer, "type"), text) != 0)
		return false;
	if (strtol(api_get(answer, "status"), NULL, 10) != answer->status ||
		info->http_status != answer->status)
		return false;
	if (strcmp(api_get(answer, "title"), info->text) != 0 || !api_get(answer, "detail")[0])
		return false;
	if (answer->status == 401 && strcmp(field_of(answer, "WWW-Authenticate"), "Bearer") != 0)
		return false;
	if (answer->status == 429 || answer->status == 503)
		return strtol(field_of(answer, "Retry-After"), NULL, 10) > 0;
	return true;
}

/* A 422 names at least one field, by a pointer or a parameter, with a code and a sentence. */
static bool names_fields(const struct api_answer *answer)
{
	const char *pointer = api_get(answer, "errors.0.pointer");

	if (pointer[0] != '/' && pointer[0] != '?' && pointer[0] != '\0')
		return false;
	return api_get(answer, "errors.0.code")[0] && api_get(answer, "errors.0.message")[0];
}

static bool is_good_refusal(const struct promo_op *op, const struct api_answer *answer)
{
	int error = promo_error_from_wire(api_get(answer, "code"));

	if (error == 0 || !is_whole_problem(answer, error))
		return false;
	if (error == PROMO_E_INVALID_INPUT && !names_fields(answer))
		return false;
	if (!promo_op_can_fail(op, error)) {
		print_error("%s does not list %s\n", op->name, promo_error_info(error)->wire);
		return false;
	}
	came[number_of(op)][error] = true;
	return true;
}

static bool is_good_success(const struct promo_op *op, const struct api_answer *answer)
{
	if (answer->status != op->status && answer->status != op->other_status)
		return false;
	if (op->shape == PROMO_SHAPE_NONE)
		return answer->body[0] == '\0';
	if (op->flags & PROMO_OP_ETAG && answer->status == op->status) {
		char etag[64];

		(void)snprintf(etag, sizeof(etag), "\"%s\"", api_get(answer, "version"));
		if (strcmp(field_of(answer, "ETag"), etag) != 0)
			return false;
	}
	if (op->shape == PROMO_SHAPE_STREAM)
		return strcmp(field_of(answer, "Content-Type"), op->media_type) == 0;
	return strcmp(field_of(answer, "Content-Type"), "application/json") == 0;
}

/* Who waits because sign-ins failed or codes were wrong is told for how long; who is sent away for lack of
 * room is not. */
static bool tells_failures(const struct promo_op *op, const struct api_answer *answer)
{
	const char *policy;
	char name[16], end;
	int left, seconds;

	if (sscanf(field_of(answer, "RateLimit"), "\"%15[a-z-]\";r=%d;t=%d%c", name, &left,
		    &seconds, &end) != 3 ||
		left != 0 || seconds != strtol(field_of(answer, "Retry-After"), NULL, 10))
		return false;
	policy = field_of(answer, "RateLimit-Policy");
	if (op->flags & PROMO_OP_PASSWORD && strcmp(name, "sign-ins") == 0)
		return strcmp(policy, "\"sign-ins\";q=5;w=86400") == 0;
	return op->flags & PROMO_OP_MFA_CODE && strcmp(name, "mfa-codes") == 0 &&
	       strcmp(policy, "\"mfa-codes\";q=5") == 0;
}

/* What brings a code tells, wherever it was looked at, how many misses are left; nothing else does. */
static bool tells_misses(const struct promo_op *op, const struct api_answer *answer)
{
	static const int looked_at[] = { 200, 201, 404, 409, 429 };
	bool wanted = false;
	char end;
	int left, seconds;

	for (size_t i = 0; i < PROMO_COUNT(looked_at); i++)
		wanted |= answer->status == looked_at[i] && op->flags & PROMO_OP_GUESSABLE;
	if (op->flags & (PROMO_OP_PASSWORD | PROMO_OP_MFA_CODE) && answer->status == 429 &&
		field_of(answer, "RateLimit")[0])
		return tells_failures(op, answer);
	if (!(op->flags & PROMO_OP_GUESSABLE) || !field_of(answer, "RateLimit")[0])
		return !wanted && !field_of(answer, "RateLimit")[0] &&
		       !field_of(answer, "RateLimit-Policy")[0];
	if (strcmp(field_of(answer, "RateLimit-Policy"), "\"misses\";q=5;w=600") != 0)
		return false;
	if (sscanf(field_of(answer, "RateLimit"), "\"misses\";r=%d;t=%d%c", &left, &seconds,
		    &end) != 2)
		return false;
	return left >= 0 && left <= 5 && seconds > 0 && (left > 0 || answer->status != 200);
}

static void check(const struct promo_op *op, const struct api_answer *answer)
{
	bool good =
		answer->status >= 400 ? is_good_refusal(op, answer) : is_good_success(op, answer);

	if (good && tells_misses(op, answer) && field_of(answer, "X-Request-Id")[0] &&
		strcmp(field_of(answer, "Cache-Control"), "no-store") == 0)
		return;
	show(op, answer);
	fail_msg("the answer to %s is not as its row says", op->name);
}

void order_receive(struct wire *wire, const struct order *order, struct api_answer *ret)
{
	const struct api_request request = { .method = promo_method_name(order->op->method) };

	api_receive(wire, &request, ret);
	if (ret->status == 0)
		fail_msg("%s was not answered", order->op->name);
	check(order->op, ret);
	if (order->request_id)
		assert_string_equal(field_of(ret, "X-Request-Id"), order->request_id);
}

int order_ask(struct api *api, const struct order *order, struct api_answer *ret)
{
	struct wire wire;

	wire_open(&wire, api->daemon.port);
	order_begin(&wire, order);
	order_finish(&wire, order);
	order_receive(&wire, order, ret);
	wire_close(&wire);
	return ret->status;
}

void order_ask_at_once(const unsigned *ports, size_t port_count, const struct order *orders,
	size_t count, struct api_answer *ret)
{
	struct wire *wires = calloc(count, sizeof(*wires));

	assert_non_null(wires);
	for (size_t i = 0; i < count; i++) {
		wire_open(&wires[i], ports[i % port_count]);
		order_begin(&wires[i], &orders[i]);
	}
	for (size_t i = 0; i < count; i++)
		order_finish(&wires[i], &orders[i]);
	for (size_t i = 0; i < count; i++) {
		order_receive(&wires[i], &orders[i], &ret[i]);
		wire_close(&wires[i]);
	}
	free(wires);
}

void order_assert_refused(
	const struct api_answer *answer, enum promo_error error, const char *file, int line)
{
	const struct promo_error_info *info = promo_error_info((int)error);

	if (answer->status == info->http_status && strcmp(api_get(answer, "code"), info->wire) == 0)
		return;
	print_error("%s:%d: not %s but\n%s%s\n", file, line, info->wire, answer->wire.head,
		answer->body);
	fail_msg("%s did not come", info->wire);
}

const char *order_bad_fields(const struct api_answer *answer)
{
	static char text[2048];
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; used < sizeof(text); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "errors.%d.code", i);
		if (!api_get(answer, path)[0])
			break;
		(void)snprintf(path, sizeof(path), "errors.%d.pointer", i);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s ",
			i > 0 ? ", " : "", api_get(answer, path));
		(void)snprintf(path, sizeof(path), "errors.%d.code", i);
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s", api_get(answer, path));
	}
	return text;
}

/*
 * The daemon's log.
 */

int order_setup_talkative(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	if (promo_test_daemon_end(&api->daemon, SIGTERM) != 0)
		return -1;
	promo_test_daemon_start_again(
		&api->daemon, api->database, (const char *[]){ "--log-level", "debug", NULL });
	return 0;
}

void order_assert_untold(struct api *api, const char *const *typed, size_t count)
{
	struct api_answer answer;

	assert_int_equal(ORDER(api, &answer, &promo_op_server_ready), 200);
	for (size_t i = 0; i < count; i++) {
		if (promo_test_daemon_said(&api->daemon, typed[i]))
			print_error("the log has \"%s\"\n", typed[i]);
		assert_false(promo_test_daemon_said(&api->daemon, typed[i]));
	}
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	/* What the sanitizers say. */
	assert_false(promo_test_daemon_said(&api->daemon, "ERROR:"));
	assert_false(promo_test_daemon_said(&api->daemon, "runtime error"));
}
