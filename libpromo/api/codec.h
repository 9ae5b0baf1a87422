/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/*
 * Between bytes and structs, both ways, by the tables of model/field.h: the server decodes inputs
 * and encodes outputs, the client the other way round.
 */

PROMO_BEGIN_DECLS

/* What decoding has to know of the shop. */
struct promo_decode_env {
	const char *country_code; /* of national phone numbers: "250" */
};

/* A name and its value, percent-decoded. */
struct promo_pair {
	const char *name, *value;
};

/* Where an input comes from. Every bad field of all three is named at once. */
struct promo_input {
	const struct promo_pair *path;
	size_t path_count;
	const struct promo_pair *query;
	size_t query_count;
	const char *body; /* NULL: none */
	size_t body_size;
};

/* Decodes and normalises into ret (a struct of op->in; NULL where the operation takes nothing;
 * scratch unless 0 is returned). PROMO_E_MALFORMED_REQUEST if the body is no JSON object,
 * PROMO_E_NOT_FOUND if a name of the path cannot be one, PROMO_E_INVALID_INPUT with every bad field
 * in problem (zeroed before). No body is taken as {}. What was not given holds its null, only
 * `limit` of a list its default. The codes of bad fields:
 *   unknown_field required wrong_type not_null repeated invalid_value out_of_range too_short
 *   too_long too_many contains_control_characters code_malformed invalid_phone_number
 *   invalid_email invalid_amount invalid_date invalid_time invalid_id invalid_url
 * Normal is: TEXT in NFC and trimmed; CODE as promo_code_read() reads it; PHONE in E.164; EMAIL and
 * ID in lower case; DAY a date, or a time in UTC with milliseconds; in a field that takes null, an
 * empty text is null. */
int promo_decode_input(const struct promo_op *op, const struct promo_input *input,
	const struct promo_decode_env *env, struct promo_arena *arena,
	struct promo_problem *problem, void *ret) PROMO_CHECK;

/* One value from text (query, path, command line) into its field; sets the bits of promo_set. A
 * list of texts takes them separated by commas and adds them to those it has. Bad text:
 * PROMO_E_INVALID_INPUT with the field named as `pointer`. */
int promo_decode_text(const struct promo_schema *schema, const struct promo_field *field,
	const char *text, const char *pointer, const struct promo_decode_env *env,
	struct promo_arena *arena, struct promo_problem *problem, void *object) PROMO_CHECK;

/* The text of a JSON object, which stands at `base` of an input ("/settings"), into a struct of an
 * input's schema. Every bad member is named; what could be read is in the struct all the same. */
int promo_decode_object(const struct promo_schema *schema, const char *text, const char *base,
	const struct promo_decode_env *env, struct promo_arena *arena,
	struct promo_problem *problem, void *ret) PROMO_CHECK;

/* Encodes a struct as a JSON object; of one with a struct promo_set what is given. */
int promo_encode(const struct promo_schema *schema, const void *object, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;
/* Two structs as one object: the members of the first, then those of the second. */
int promo_encode_joined(const struct promo_schema *first_schema, const void *first,
	const struct promo_schema *second_schema, const void *second, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;
/* One field of a struct as JSON text: "null" where it holds its null. */
int promo_encode_value(const struct promo_field *field, const void *object,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* The same JSON, a member a line, for people to read and edit. PROMO_E_MALFORMED_REQUEST if it is none. */
int promo_encode_indented(
	const char *json, struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* {"items": [...], "next_cursor": ..., "total"?: n, "totals"?: {...}}, as the row of op says */
int promo_encode_list(const struct promo_op *op, const struct promo_list *list,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* The same in pieces, for who holds one page at a time: what stands before the items, and what stands
 * behind them (the items of `list` are not looked at); fields.h has the items. */
int promo_encode_list_head(struct promo_arena *arena, const char **ret) PROMO_CHECK;
int promo_encode_list_tail(const struct promo_op *op, const struct promo_list *list,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* RFC 9457, for op (NULL: none was found) and the id of the request. */
int promo_encode_problem(const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* Canonical text of the operation's name and its decoded input: equal for equal requests. It has
 * the secrets in it: store a keyed hash of it, nothing else. */
int promo_encode_canonical(const struct promo_op *op, const void *in, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

/* The client's side. Unknown members are ignored: a newer server may say more. PROMO_E_UNAVAILABLE
 * if the text is not what the schema says. */
int promo_decode_output(const struct promo_schema *schema, const char *json,
	struct promo_arena *arena, void *ret) PROMO_CHECK;
int promo_decode_list(const struct promo_op *op, const char *json, struct promo_arena *arena,
	struct promo_list *ret) PROMO_CHECK;
/* Whether it has a code, as every problem of a promo server has and the pages of what stands in front
 * of one have not; json may be anything, also NULL. */
bool promo_is_problem(const char *json);
/* Of an answer with this status; json may be anything, also NULL. A code that this version does not
 * know becomes the error that is nearest to the status. */
int promo_decode_problem(const char *json, const struct promo_op *op, int http_status,
	struct promo_arena *arena, struct promo_problem *ret) PROMO_CHECK;
/* Path with its {names} filled in and percent-encoded, query string, and JSON body of an input.
 * *ret_body is NULL where the operation takes none. A field is sent where its bit of promo_set is
 * set, and where it holds anything but its null, 0 and false; so a plain initialiser will do, and
 * bits are needed only to send null, 0 or false. */
int promo_encode_input(const struct promo_op *op, const void *in, struct promo_arena *arena,
	const char **ret_path_and_query, const char **ret_body) PROMO_CHECK;

/* The whole description, OpenAPI 3.1, from the rows. */
int promo_encode_openapi(
	const char *version, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* One value as a person reads it in a table: dates as they are, times in UTC to the minute, money
 * with its two places, an object by its name, a list by commas. NULL becomes "". */
int promo_format_field(const struct promo_field *field, const void *object,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;

PROMO_END_DECLS
