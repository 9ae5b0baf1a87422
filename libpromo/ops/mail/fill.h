/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * A template of somebody's own ("to={phone}&text={text}") filled in. A value cannot leave its place: it is
 * escaped as the language around it says. Braces that hold no name of a value stand for themselves, as
 * in JSON. Pure but for its memory. Not installed.
 */

enum promo_escape {
	PROMO_ESCAPE_URL = 1, /* also application/x-www-form-urlencoded: RFC 3986 2.1 */
	PROMO_ESCAPE_JSON,    /* inside of a text */
	PROMO_ESCAPE_XML,
	PROMO_ESCAPE_PLAIN, /* one line: control characters become blanks */
};

enum {
	PROMO_FILLED_MAX = 64 * 1024
};

struct promo_fill_value {
	const char *name, *value; /* NULL: "" */
};

/* How values are escaped in a body of this media type; 0: nobody knows. */
enum promo_escape promo_escape_of(const char *media_type);

int promo_fill(const char *template, const struct promo_fill_value *values, size_t count,
	enum promo_escape escape, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* Whether the template names this value. */
bool promo_fill_names(const char *template, const char *name);
