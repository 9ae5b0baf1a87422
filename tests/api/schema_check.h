/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a value is what a JSON Schema says, for the words of JSON Schema 2020-12 that our
 * description uses. A word it does not know fails the check: nothing passes by being overlooked.
 */

/* references are followed from root. On false, why says what did not fit and where. */
bool schema_check(json_t *root, json_t *schema, json_t *value, char *why, size_t size);
