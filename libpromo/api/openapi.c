/* SPDX-License-Identifier: MIT */
#include "libpromo/api/openapi.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/model/batch.h"

static const char description[] =
	"Promo codes: batches, codes, verification, redemption, fraud reports, users and the audit "
	"trail.\n\n"
	"Unknown request fields are refused. Times are RFC 3339 in UTC, amounts decimal texts "
	"beside "
	"their currency, phone numbers E.164. Lists are pages: `next_cursor` of one is `cursor` of "
	"the next. Every refusal is `application/problem+json`; match its `code`. Where there is "
	"GET there is HEAD.";

static json_t *header_parameter(const char *name, bool required, const char *help)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:{s:s, s:i, s:i}}", "name", name, "in", "header",
		"required", required, "description", help, "schema", "type", "string", "minLength",
		1, "maxLength", 255);
}

/* A job is its only answer. */
static bool starts_job(const struct promo_op *op)
{
	return op->status == 202 && op->out == &promo_job_answer_schema;
}

static json_t *components(struct openapi *api)
{
	static const char key_help[] =
		"of your own making, 1 to 255 visible ASCII characters; sent "
		"again with the same input it returns the first answer again";
	json_t *parts =
		json_pack("{s:O, s:O}", "schemas", api->schemas, "responses", api->responses);

	openapi_put(api, parts, "parameters",
		json_pack("{s:o, s:o, s:o, s:o}", "IdempotencyKey",
			header_parameter("Idempotency-Key", false, key_help),
			"IdempotencyKeyRequired",
			header_parameter("Idempotency-Key", true, key_help), "IfMatch",
			header_parameter("If-Match", true, "the ETag of what you read"), "Prefer",
			header_parameter("Prefer", false,
				"wait=N: answer when the job has ended, after N seconds at the "
				"latest (30 at most)")));
	openapi_put(api, parts, "headers",
		json_pack("{s:{s:s, s:{s:s}}, s:{s:s, s:{s:s}}, s:{s:s, s:{s:s}}, s:{s:s, s:{s:s}},"
			  " s:{s:s, s:{s:s}}, s:{s:s, s:{s:s}}, s:{s:s, s:{s:s}}}",
			"XRequestId", "description",
			"names this request in the log and the audit trail", "schema", "type",
			"string", "ETag", "description", "the quoted version, for If-Match",
			"schema", "type", "string", "Location", "description",
			"where the new thing or the job is", "schema", "type", "string",
			"IdempotentReplayed", "description",
			"true: this is the answer of an earlier request with the same key",
			"schema", "type", "string", "RetryAfter", "description", "seconds to wait",
			"schema", "type", "integer", "RateLimitPolicy", "description",
			"how many codes that do not exist, sign-ins that fail, or wrong codes of a "
			"second factor (q) may be tried in how many seconds (w; without it: until "
			"a right one comes), as \"misses\";q=5;w=600",
			"schema", "type", "string", "RateLimit", "description",
			"how many of them are left (r), and in how many seconds there are more (t)",
			"schema", "type", "string"));
	openapi_put(api, parts, "securitySchemes",
		json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "bearer", "type", "http",
			"scheme", "bearer", "description",
			"the token of POST /auth/login, or an API key", "cookie", "type", "apiKey",
			"in", "cookie", "name", "__Host-promo_session", "description",
			"set by POST /auth/login with cookie: true, for browsers; what changes "
			"something then needs an Origin that is our own or allowed"));
	return parts;
}

static json_t *parameters(struct openapi *api, const struct promo_op *op)
{
	json_t *list = json_array();

	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		const bool in_path = field->flags & PROMO_IN_PATH;
		json_t *schema;

		if (!in_path && !(field->flags & PROMO_IN_QUERY))
			continue;
		schema = openapi_input_field(api, field);
		if (op->shape == PROMO_SHAPE_LIST && strcmp(field->name, "limit") == 0)
			openapi_put(api, schema, "default", json_integer(PROMO_LIMIT_DEFAULT));
		openapi_append(api, list,
			json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", field->name, "in",
				in_path ? "path" : "query", "required",
				(int)((field->flags & PROMO_REQUIRED) != 0), "description",
				field->help, "schema", schema));
	}
	if (op->flags & PROMO_OP_KEY)
		openapi_append(api, list,
			openapi_ref("parameters", op->flags & PROMO_OP_KEY_REQUIRED
							  ? "IdempotencyKeyRequired"
							  : "IdempotencyKey"));
	if (op->flags & PROMO_OP_IF_MATCH)
		openapi_append(api, list, openapi_ref("parameters", "IfMatch"));
	if (starts_job(op))
		openapi_append(api, list, openapi_ref("parameters", "Prefer"));
	return list;
}

/* Bytes have no schema of their own: their media type says it all. */
static json_t *request_bytes(struct openapi *api, const struct promo_op *op)
{
	json_t *content = json_object();

	for (size_t i = 0; i < PROMO_OP_MEDIA_MAX && op->media_types[i]; i++)
		openapi_put(api, content, op->media_types[i], json_object());
	if (op->body == PROMO_BODY_UPLOAD)
		openapi_put(api, content, "multipart/form-data",
			json_pack("{s:{s:s, s:[s], s:b, s:{s:{s:s}}}}", "schema", "type", "object",
				"required", "file", "additionalProperties", 0, "properties", "file",
				"contentMediaType", op->media_types[0]));
	return json_pack(
		"{s:b, s:s, s:o}", "required", 1, "description", "a file", "content", content);
}

static json_t *request_body(struct openapi *api, const struct promo_op *op)
{
	bool required = false;

	if (op->body != PROMO_BODY_JSON)
		return request_bytes(api, op);
	for (size_t i = 0; i < op->in->count; i++)
		if ((op->in->fields[i].flags & PROMO_REQUIRED) &&
			!(op->in->fields[i].flags & (PROMO_IN_PATH | PROMO_IN_QUERY)))
			required = true;
	return json_pack("{s:b, s:{s:{s:o}}}", "required", required, "content", "application/json",
		"schema", openapi_body(api, op->in));
}

void openapi_rate_limit(struct openapi *api, json_t *headers)
{
	openapi_put(api, headers, "RateLimit-Policy", openapi_ref("headers", "RateLimitPolicy"));
	openapi_put(api, headers, "RateLimit", openapi_ref("headers", "RateLimit"));
}

static json_t *success(
	struct openapi *api, const struct promo_op *op, const struct promo_schema *out, int status)
{
	json_t *headers = json_pack("{s:o}", "X-Request-Id", openapi_ref("headers", "XRequestId"));
	json_t *response = json_pack("{s:s, s:O}", "description", op->summary, "headers", headers);
	json_t *schema = NULL;

	if ((op->flags & PROMO_OP_ETAG) && status == op->status)
		openapi_put(api, headers, "ETag", openapi_ref("headers", "ETag"));
	if (op->flags & PROMO_OP_KEY)
		openapi_put(api, headers, "Idempotent-Replayed",
			openapi_ref("headers", "IdempotentReplayed"));
	if (status == 201 || status == 202)
		openapi_put(api, headers, "Location", openapi_ref("headers", "Location"));
	if (op->flags & PROMO_OP_GUESSABLE)
		openapi_rate_limit(api, headers);
	json_decref(headers);

	if (op->shape == PROMO_SHAPE_STREAM && !out)
		schema = json_pack("{s:s}", "type",
			strncmp(op->media_type, "application/json", 16) == 0 ? "object" : "string");
	else if (op->shape == PROMO_SHAPE_LIST)
		schema = openapi_list(api, op);
	else if (op->shape != PROMO_SHAPE_NONE)
		schema = openapi_output(api, out);
	if (op->shape != PROMO_SHAPE_NONE)
		openapi_put(api, response, "content",
			json_pack("{s:{s:o}}",
				op->shape == PROMO_SHAPE_STREAM ? op->media_type
								: "application/json",
				"schema", schema));
	return response;
}

static json_t *responses(struct openapi *api, const struct promo_op *op)
{
	json_t *all = json_object();
	char key[12];

	(void)snprintf(key, sizeof(key), "%d", op->status);
	openapi_put(api, all, key, success(api, op, op->out, op->status));
	if (op->other_status) {
		(void)snprintf(key, sizeof(key), "%d", op->other_status);
		openapi_put(api, all, key, success(api, op, op->other_out, op->other_status));
	}
	/* With Range. */
	if (op->flags & PROMO_OP_RANGES)
		openapi_put(api, all, "206", success(api, op, op->out, 206));
	/* With Prefer: wait=N, where the job has ended. */
	if (starts_job(op))
		openapi_put(api, all, "200", success(api, op, op->out, 200));
	openapi_problems(api, op, all);
	return all;
}

static json_t *permissions(struct openapi *api, const struct promo_op *op)
{
	static const char *const when[] = {
		[PROMO_WHEN_ALWAYS] = "always",
		[PROMO_WHEN_WITH] = "with",
		[PROMO_WHEN_WITHOUT] = "without",
		[PROMO_WHEN_IS] = "is",
		[PROMO_WHEN_IS_NOT] = "is_not",
		[PROMO_WHEN_FILTERED] = "filtered",
	};
	json_t *list = json_array();

	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++) {
		const struct promo_required *required = &op->required[i];

		openapi_append(api, list,
			json_pack("{s:s, s:s, s:s*, s:s*}", "permission",
				promo_permission_key(required->permission), "when",
				when[required->when], "field", required->field, "word",
				required->word));
	}
	return list;
}

/* Who may call it, in words. */
static json_t *access_text(const struct promo_op *op)
{
	char text[600] = "";

	if (op->access == PROMO_ACCESS_PUBLIC)
		return json_string("Public: nobody has to be signed in.");
	if (op->access == PROMO_ACCESS_SELF)
		return op->sees_all ? json_sprintf("For every signed-in user, who sees what is his "
						   "own; all of it with `%s`.",
					      promo_permission_key(op->sees_all))
				    : json_string("For every signed-in user.");
	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++) {
		const struct promo_required *required = &op->required[i];
		const size_t used = strlen(text);
		const char *field = required->field ? required->field : "";
		const char *word = required->word ? required->word : "";

		(void)snprintf(text + used, sizeof(text) - used, "%s`%s`%s%s%s%s%s%s",
			used ? ", " : "", promo_permission_key(required->permission),
			required->when == PROMO_WHEN_WITH       ? " with `"
			: required->when == PROMO_WHEN_WITHOUT  ? " without `"
			: required->when == PROMO_WHEN_IS       ? " where `"
			: required->when == PROMO_WHEN_IS_NOT   ? " unless `"
			: required->when == PROMO_WHEN_FILTERED ? " with any filter"
								: "",
			field, *field ? "`" : "", *word ? " is `" : "", word, *word ? "`" : "");
	}
	return json_sprintf("Needs %s.", text);
}

static json_t *operation(struct openapi *api, const struct promo_op *op)
{
	const int noun = (int)strcspn(op->name, ".");
	json_t *value = json_pack("{s:s, s:s, s:o, s:[s%]}", "operationId", op->name, "summary",
		op->summary, "description", access_text(op), "tags", op->name, noun);
	json_t *list = parameters(api, op);

	if (json_array_size(list) > 0)
		openapi_put(api, value, "parameters", json_incref(list));
	json_decref(list);
	if (promo_op_takes_body(op))
		openapi_put(api, value, "requestBody", request_body(api, op));
	openapi_put(api, value, "responses", responses(api, op));
	if (op->access == PROMO_ACCESS_PUBLIC)
		openapi_put(api, value, "security", json_array());
	if (op->access == PROMO_ACCESS_PERMISSION)
		openapi_put(api, value, "x-permissions", permissions(api, op));
	if (op->sees_all)
		openapi_put(
			api, value, "x-sees-all", json_string(promo_permission_key(op->sees_all)));
	return value;
}

static json_t *paths(struct openapi *api)
{
	json_t *all = json_object();

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		json_t *item = json_object_get(all, op->path);
		char method[8];
		size_t length = 0;

		if (!item) {
			openapi_put(api, all, op->path, json_object());
			item = json_object_get(all, op->path);
			if (op->flags & PROMO_OP_ROOT)
				openapi_put(api, item, "servers", json_pack("[{s:s}]", "url", "/"));
		}
		for (const char *c = promo_method_name(op->method); *c; c++)
			method[length++] = (char)tolower((unsigned char)*c);
		method[length] = '\0';
		openapi_put(api, item, method, operation(api, op));
	}
	return all;
}

static json_t *tags(struct openapi *api)
{
	json_t *seen = json_object();
	json_t *list = json_array();

	for (size_t i = 0; promo_ops[i]; i++) {
		char noun[64];

		(void)snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(promo_ops[i]->name, "."),
			promo_ops[i]->name);
		if (json_object_get(seen, noun))
			continue;
		openapi_put(api, seen, noun, json_true());
		openapi_append(api, list, json_pack("{s:s}", "name", noun));
	}
	json_decref(seen);
	return list;
}

int promo_encode_openapi(const char *version, struct promo_arena *arena, const char **ret)
{
	struct openapi api = { .schemas = json_object(), .responses = json_object() };
	json_auto_t *root =
		json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[]}, {s:[]}]}",
			"openapi", "3.1.0", "info", "title", "promo", "version", version,
			"description", description, "license", "name", "MIT", "identifier", "MIT",
			"servers", "url", PROMO_API_BASE, "security", "bearer", "cookie");

	openapi_put(&api, root, "tags", tags(&api));
	openapi_put(&api, root, "paths", paths(&api));
	openapi_put(&api, root, "components", components(&api));
	json_decref(api.schemas);
	json_decref(api.responses);
	if (api.failed)
		return promo_fault(-ENOMEM, "could not describe the API");
	return promo_json_text(root, JSON_COMPACT, arena, ret);
}
