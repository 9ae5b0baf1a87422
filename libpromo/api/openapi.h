/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/json.h"
#include "libpromo/api/op.h"

/*
 * The parts of the OpenAPI description that is made from the rows; for the files of this folder,
 * not installed. There is one reason why building it can fail, memory: it sticks in `failed`, and
 * whoever takes the result in the end looks there, so that the code reads straight down.
 */

struct openapi {
	json_t *schemas; /* components, filled as they are referred to */
	json_t *responses;
	bool failed;
};

/* Puts value into an object or at the end of an array; takes the reference, also of a NULL. */
void openapi_put(struct openapi *api, json_t *into, const char *name, json_t *value);
void openapi_append(struct openapi *api, json_t *into, json_t *value);

/* {"$ref": "#/components/<where>/<name>"} */
json_t *openapi_ref(const char *where, const char *name);

/* JSON Schema of a field as a client may send it, or as the server answers it. */
json_t *openapi_input_field(struct openapi *api, const struct promo_field *field);
json_t *openapi_output_field(struct openapi *api, const struct promo_field *field);

/* References to components, which are made when they are first asked for: an output noun, the body
 * of an input, a page of the list that op answers with. */
json_t *openapi_output(struct openapi *api, const struct promo_schema *schema);
json_t *openapi_body(struct openapi *api, const struct promo_schema *schema);
json_t *openapi_list(struct openapi *api, const struct promo_op *op);

/* What answers tell of misses, or of sign-ins that failed, into the `headers` of a response. */
void openapi_rate_limit(struct openapi *api, json_t *headers);

/* The responses of op that are problems, by status, into its `responses`. */
void openapi_problems(struct openapi *api, const struct promo_op *op, json_t *responses);
