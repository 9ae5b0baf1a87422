/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/openapi.h"

/*
 * Every refusal is a schema of its own, so that a typed client can tell them apart by `code` and
 * sees the extra members of each. An operation refers to one response for each status it can fail
 * with, named after the codes in it and after what else its header tells.
 */

static json_t *text_property(const char *help)
{
	return json_pack("{s:s, s:s}", "type", "string", "description", help);
}

/* What all problems have (RFC 9457). */
static json_t *common_problem(void)
{
	return json_pack("{s:s, s:s, s:{s:{s:s, s:s, s:s}, s:o, s:{s:s, s:s}, s:o, s:o, s:o},"
			 " s:[s, s, s, s, s, s]}",
		"type", "object", "description", "a refusal (RFC 9457)", "properties", "type",
		"type", "string", "format", "uri", "description", "urn:promo:error: and the code",
		"title", text_property("what the code means"), "status", "type", "integer",
		"description", "the HTTP status", "detail",
		text_property("what was refused here, and why"), "code",
		text_property("stable: clients match this"), "request_id",
		text_property("the response's X-Request-Id"), "required", "type", "title", "status",
		"detail", "code", "request_id");
}

static json_t *field_error(void)
{
	return json_pack("{s:s, s:{s:o, s:o, s:o}, s:[s, s, s]}", "type", "object", "properties",
		"pointer",
		text_property("JSON pointer into the body, or ?name for a query parameter"), "code",
		text_property("what is wrong with it: required, unknown_field, wrong_type, ..."),
		"message", text_property("the same in words"), "required", "pointer", "code",
		"message");
}

/* Adds what this code has beside the common members. */
static void put_own_members(struct openapi *api, const struct promo_op *op, int error, json_t *own)
{
	const struct promo_schema *members = promo_op_error_members(op, error);
	json_t *properties = json_object_get(own, "properties");
	json_t *required = json_object_get(own, "required");

	if (error == PROMO_E_INVALID_INPUT) {
		if (!json_object_get(api->schemas, "field_error"))
			openapi_put(api, api->schemas, "field_error", field_error());
		openapi_put(api, properties, "errors",
			json_pack("{s:s, s:o, s:s}", "type", "array", "items",
				openapi_ref("schemas", "field_error"), "description",
				"every bad field at once"));
		openapi_append(api, required, json_string("errors"));
	}
	for (size_t i = 0; members && i < members->count; i++) {
		const struct promo_field *field = &members->fields[i];

		openapi_put(api, properties, field->name, openapi_output_field(api, field));
		if (!(field->flags & PROMO_OMIT_NULL))
			openapi_append(api, required, json_string(field->name));
	}
}

static json_t *problem_schema(struct openapi *api, const struct promo_op *op, int error)
{
	const struct promo_error_info *info = promo_error_info(error);
	char name[100];
	json_t *own;

	(void)snprintf(name, sizeof(name), "problem_%s", info->wire);
	if (json_object_get(api->schemas, name))
		return openapi_ref("schemas", name);
	if (!json_object_get(api->schemas, "problem"))
		openapi_put(api, api->schemas, "problem", common_problem());
	own = json_pack("{s:s, s:{s:{s:s}}, s:[s]}", "type", "object", "properties", "code",
		"const", info->wire, "required", "code");
	put_own_members(api, op, error, own);
	openapi_put(api, api->schemas, name,
		json_pack("{s:s, s:[o, o]}", "description", info->text, "allOf",
			openapi_ref("schemas", "problem"), own));
	return openapi_ref("schemas", name);
}

/* Wherever it is known who asks; the response is then another one than that of other operations. */
static bool tells_rate_limit(const struct promo_op *op, int status)
{
	if (op->flags & (PROMO_OP_PASSWORD | PROMO_OP_MFA_CODE))
		return status == 429;
	return (op->flags & PROMO_OP_GUESSABLE) && status < 500 && status != 401;
}

static json_t *problem_response(struct openapi *api, const struct promo_op *op, int status)
{
	json_t *any = json_array();
	json_t *headers = json_pack("{s:o}", "X-Request-Id", openapi_ref("headers", "XRequestId"));
	char text[1000] = "";
	json_t *schema;

	for (int error = 1; error < PROMO_E_COUNT; error++) {
		const struct promo_error_info *info = promo_error_info(error);
		const size_t used = strlen(text);

		if (info->http_status != status || !promo_op_can_fail(op, error))
			continue;
		openapi_append(api, any, problem_schema(api, op, error));
		(void)snprintf(text + used, sizeof(text) - used, "%s`%s`: %s", used ? "; " : "",
			info->wire, info->text);
	}
	if (status == 429 || status == 503)
		openapi_put(api, headers, "Retry-After", openapi_ref("headers", "RetryAfter"));
	if (tells_rate_limit(op, status))
		openapi_rate_limit(api, headers);
	if (json_array_size(any) == 1)
		schema = json_incref(json_array_get(any, 0));
	else
		schema = json_pack("{s:O}", "oneOf", any);
	json_decref(any);
	return json_pack("{s:s, s:o, s:{s:{s:o}}}", "description", text, "headers", headers,
		"content", "application/problem+json", "schema", schema);
}

void openapi_problems(struct openapi *api, const struct promo_op *op, json_t *responses)
{
	for (int status = 400; status < 600; status++) {
		char name[400] = "", key[8];

		for (int error = 1; error < PROMO_E_COUNT; error++) {
			const struct promo_error_info *info = promo_error_info(error);
			const size_t used = strlen(name);

			if (info->http_status == status && promo_op_can_fail(op, error))
				(void)snprintf(name + used, sizeof(name) - used, "%s%s",
					used ? "." : "", info->wire);
		}
		if (!*name)
			continue;
		if (tells_rate_limit(op, status))
			(void)snprintf(
				name + strlen(name), sizeof(name) - strlen(name), ".guessable");
		if (!json_object_get(api->responses, name))
			openapi_put(api, api->responses, name, problem_response(api, op, status));
		(void)snprintf(key, sizeof(key), "%d", status);
		openapi_put(api, responses, key, openapi_ref("responses", name));
	}
}
