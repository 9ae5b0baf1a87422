/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Identifiers: UUID version 7 (RFC 9562, 5.7), made by whoever makes the thing. Those of one process
 * rise strictly, also within a millisecond and when the clock is set back, so that new rows go to
 * the end of an index. Text is always the 36 characters in lower case.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_UUID_BYTES = 16,
	PROMO_UUID_SIZE = 37, /* as text, with the NUL */
};

/* A new id. Thread-safe. Needs promo_base_init(). */
void promo_uuid_new(char ret[PROMO_UUID_SIZE]);
void promo_uuid_new_bytes(unsigned char ret[PROMO_UUID_BYTES]);

/* Whether text is a UUID of any version in its 8-4-4-4-12 form, letters of either case. */
bool promo_uuid_valid(const char *text);

/* PROMO_E_INVALID_INPUT if text is no UUID. */
int promo_uuid_parse(const char *text, unsigned char ret[PROMO_UUID_BYTES]) PROMO_CHECK;
void promo_uuid_format(const unsigned char bytes[PROMO_UUID_BYTES], char ret[PROMO_UUID_SIZE]);

/* The time in an id of version 7, and the lowest id of a time: where a list of ids by time begins. */
int64_t promo_uuid_time_ms(const char *text);
void promo_uuid_at(int64_t ms, char ret[PROMO_UUID_SIZE]);

PROMO_END_DECLS
