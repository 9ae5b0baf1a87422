/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"

/* RFC 9457: a URI that names the kind of problem and never moves. There is nothing to read there;
 * clients match `code`. */
#define TYPE_PREFIX "urn:promo:error:"

static void write_text(struct promo_buffer *json, const char *name, const char *text)
{
	promo_json_write_name(json, name);
	promo_json_write_text(json, text);
}

static void write_field_errors(struct promo_buffer *json, const struct promo_problem *problem)
{
	promo_json_write_name(json, "errors");
	promo_buffer_char(json, '[');
	for (size_t i = 0; i < problem->field_count; i++) {
		const struct promo_field_error *field = &problem->fields[i];

		promo_buffer_text(json, i > 0 ? ",{" : "{");
		write_text(json, "pointer", field->pointer);
		write_text(json, "code", field->code);
		write_text(json, "message", field->message);
		promo_buffer_char(json, '}');
	}
	promo_buffer_char(json, ']');
}

int promo_encode_problem(const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, const char **ret)
{
	const struct promo_error_info *info = promo_error_info(problem->error);
	/* A fault's particulars are for the log, never for a client. */
	const char *detail = problem->error > 0 && problem->detail ? problem->detail : info->text;
	const char *type = promo_arena_printf(arena, TYPE_PREFIX "%s", info->wire);
	struct promo_buffer json = PROMO_JSON_BUFFER(arena);

	if (!type)
		return promo_fault(-ENOMEM, "could not encode a problem");
	promo_buffer_char(&json, '{');
	write_text(&json, "type", type);
	write_text(&json, "title", info->text);
	promo_json_write_name(&json, "status");
	promo_buffer_printf(&json, "%d", info->http_status);
	write_text(&json, "detail", detail);
	write_text(&json, "code", info->wire);
	write_text(&json, "request_id", request_id);
	if (problem->error == PROMO_E_INVALID_INPUT)
		write_field_errors(&json, problem);
	/* Only what the row promises: OpenAPI shows these members and no others. */
	if (op && problem->members && problem->member_schema &&
		promo_op_error_members(op, problem->error) == problem->member_schema)
		promo_json_write_members(
			&json, problem->member_schema, problem->members, PROMO_JSON_BY_TABLE);
	promo_buffer_char(&json, '}');
	return promo_buffer_end(&json, ret);
}

/* What an answer means whose code this version does not know, or that came from something in
 * between that knows no codes. */
static int error_of_status(int64_t status)
{
	static const enum promo_error nearest[] = {
		PROMO_E_MALFORMED_REQUEST,
		PROMO_E_UNAUTHENTICATED,
		PROMO_E_FORBIDDEN,
		PROMO_E_NOT_FOUND,
		PROMO_E_METHOD_NOT_ALLOWED,
		PROMO_E_VERSION_MISMATCH,
		PROMO_E_BODY_TOO_LARGE,
		PROMO_E_UNSUPPORTED_MEDIA_TYPE,
		PROMO_E_INVALID_INPUT,
		PROMO_E_PRECONDITION_REQUIRED,
		PROMO_E_TOO_MANY_REQUESTS,
		PROMO_E_HEADERS_TOO_LARGE,
		PROMO_E_UNAVAILABLE,
	};

	for (size_t i = 0; i < PROMO_COUNT(nearest); i++)
		if (promo_error_info((int)nearest[i])->http_status == status)
			return (int)nearest[i];
	if (status == 409)
		return PROMO_E_VERSION_MISMATCH;
	if (status == 502 || status == 504)
		return PROMO_E_UNAVAILABLE;
	return status >= 400 && status < 500 ? PROMO_E_MALFORMED_REQUEST : PROMO_E_INTERNAL;
}

static int take_text(json_t *object, const char *name, struct promo_arena *arena, const char **ret)
{
	json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return 0;
	*ret = promo_arena_strdup(arena, json_string_value(value));
	return *ret ? 0 : promo_fault(-ENOMEM, "could not read a problem");
}

static int take_field_errors(json_t *errors, struct promo_arena *arena, struct promo_problem *ret)
{
	size_t count = json_array_size(errors);

	if (count == 0)
		return 0;
	if (count > PROMO_FIELD_ERRORS_MAX)
		count = PROMO_FIELD_ERRORS_MAX;
	ret->fields = promo_arena_alloc_array(arena, count, sizeof(*ret->fields));
	if (!ret->fields)
		return promo_fault(-ENOMEM, "could not read a problem");
	for (size_t i = 0; i < count; i++) {
		json_t *error = json_array_get(errors, i);
		struct promo_field_error *field = &ret->fields[i];
		int r;

		field->pointer = field->code = field->message = "";
		r = take_text(error, "pointer", arena, &field->pointer);
		if (!r)
			r = take_text(error, "code", arena, &field->code);
		if (!r)
			r = take_text(error, "message", arena, &field->message);
		if (r)
			return r;
	}
	ret->field_count = count;
	return 0;
}

bool promo_is_problem(const char *json)
{
	json_auto_t *object = promo_json_load_text(json ? json : "", JSON_REJECT_DUPLICATES);

	return json_is_string(json_object_get(object, "code"));
}

int promo_decode_problem(const char *json, const struct promo_op *op, int http_status,
	struct promo_arena *arena, struct promo_problem *ret)
{
	json_auto_t *object = promo_json_load_text(json ? json : "", JSON_REJECT_DUPLICATES);
	const char *code = json_string_value(json_object_get(object, "code"));
	struct promo_problem problem = { 0 };
	const struct promo_schema *schema;
	int r;

	problem.error = code ? promo_error_from_wire(code) : 0;
	if (!problem.error)
		problem.error = error_of_status(http_status);
	r = take_text(object, "detail", arena, &problem.detail);
	if (!r && !problem.detail)
		r = take_text(object, "title", arena, &problem.detail);
	if (!r)
		r = take_field_errors(json_object_get(object, "errors"), arena, &problem);
	if (r)
		return r;
	schema = op && code ? promo_op_error_members(op, problem.error) : NULL;
	if (schema) {
		void *members = promo_arena_alloc(arena, schema->size);

		if (!members)
			return promo_fault(-ENOMEM, "could not read a problem");
		r = promo_json_take_members(schema, object, arena, members);
		if (r < 0)
			return r;
		if (!r) {
			problem.members = members;
			problem.member_schema = schema;
		}
	}
	*ret = problem;
	return 0;
}
