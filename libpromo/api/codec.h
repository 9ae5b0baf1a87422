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

/* Decodes and normalises into ret (a struct of op->in, zeroed before). PROMO_E_MALFORMED_REQUEST
 * if the body is no JSON object, PROMO_E_INVALID_INPUT with the bad fields in problem. An operation
 * without input takes an empty body or {} and refuses query parameters. */
int promo_decode_input(const struct promo_op *op, const struct promo_input *input,
	const struct promo_decode_env *env, struct promo_arena *arena, struct promo_problem *problem,
	void *ret) PROMO_CHECK;

/* One value from text (query, path, command line) into its field; sets the bits of promo_set. Bad
 * text: PROMO_E_INVALID_INPUT with the field named as `pointer`. */
int promo_decode_text(const struct promo_schema *schema, const struct promo_field *field,
	const char *text, const char *pointer, const struct promo_decode_env *env,
	struct promo_arena *arena, struct promo_problem *problem, void *object) PROMO_CHECK;

/* Encodes a struct as a JSON object. */
int promo_encode(const struct promo_schema *schema, const void *object, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;
/* {"items": [...], "next_cursor": ..., "total"?: n} */
int promo_encode_list(const struct promo_schema *schema, const struct promo_list *list,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* RFC 9457, for op (NULL: none was found) and the id of the request. */
int promo_encode_problem(const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* Canonical text of the operation's name and its decoded input: equal for equal requests. */
int promo_encode_canonical(const struct promo_op *op, const void *in, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

/* The client's side. Unknown members are ignored: a newer server may say more. */
int promo_decode_output(const struct promo_schema *schema, const char *json, struct promo_arena *arena,
	void *ret) PROMO_CHECK;
int promo_decode_list(const struct promo_schema *schema, const char *json, struct promo_arena *arena,
	struct promo_list *ret) PROMO_CHECK;
int promo_decode_problem(const char *json, const struct promo_op *op, struct promo_arena *arena,
	struct promo_problem *ret) PROMO_CHECK;
/* Path with its {names} filled in and percent-encoded, query string, and JSON body of an input.
 * *ret_body is NULL where the operation takes none. */
int promo_encode_input(const struct promo_op *op, const void *in, struct promo_arena *arena,
	const char **ret_path_and_query, const char **ret_body) PROMO_CHECK;

/* The whole description, OpenAPI 3.1, from the rows. */
int promo_encode_openapi(const char *version, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* One value as a person reads it in a table: dates as they are, times in UTC to the minute, money
 * with its two places, an object by its name, a list by commas. NULL becomes "". */
int promo_format_field(const struct promo_field *field, const void *object, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

PROMO_END_DECLS
