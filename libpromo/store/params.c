/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/time.h"
#include "libpromo/store/store.h"

/* Parameters travel as text, which every type of PostgreSQL reads and psql shows. */

static void add(struct promo_params *params, const char *value)
{
	if (params->count == PROMO_PARAMS_MAX)
		params->failed = true;
	else
		params->values[params->count++] = value;
}

/* A text that had to be made: NULL means that there was no memory for it. */
static void add_made(struct promo_params *params, const char *value)
{
	params->failed |= !value;
	add(params, value);
}

void promo_param_null(struct promo_params *params)
{
	add(params, NULL);
}

void promo_param_text(struct promo_params *params, const char *value)
{
	if (value)
		add_made(params, promo_arena_strdup(params->arena, value));
	else
		add(params, NULL);
}

void promo_param_int(struct promo_params *params, int64_t value)
{
	if (value == PROMO_NULL_INT)
		add(params, NULL);
	else
		add_made(params, promo_arena_printf(params->arena, "%" PRId64, value));
}

void promo_param_bool(struct promo_params *params, bool value)
{
	add(params, value ? "t" : "f");
}

void promo_param_money(struct promo_params *params, int64_t minor)
{
	uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;

	if (minor == PROMO_NULL_INT)
		add(params, NULL);
	else
		add_made(params, promo_arena_printf(params->arena, "%s%" PRIu64 ".%02" PRIu64,
					 minor < 0 ? "-" : "", size / 100, size % 100));
}

void promo_param_time(struct promo_params *params, int64_t ms)
{
	char text[PROMO_TIME_SIZE];

	if (ms == 0) {
		add(params, NULL);
		return;
	}
	promo_time_format(ms, text);
	promo_param_text(params, text);
}

void promo_param_bytes(struct promo_params *params, const void *bytes, size_t size)
{
	char *text;

	if (!bytes) {
		add(params, NULL);
		return;
	}
	text = promo_arena_alloc(params->arena, 2 + PROMO_HEX_SIZE(size));
	if (text) {
		memcpy(text, "\\x", 2);
		promo_hex_encode(bytes, size, text + 2);
	}
	add_made(params, text);
}

/* Every item in quotes, so that only those two characters need a backslash. */
static const char *array_text(struct promo_arena *arena, struct promo_texts texts)
{
	size_t size = 3;
	char *text, *to;

	for (size_t i = 0; i < texts.count; i++)
		size += texts.items[i] ? 2 * strlen(texts.items[i]) + 3 : strlen("NULL,");
	text = to = promo_arena_alloc(arena, size);
	if (!text)
		return NULL;
	*to++ = '{';
	for (size_t i = 0; i < texts.count; i++) {
		if (i > 0)
			*to++ = ',';
		if (!texts.items[i]) {
			memcpy(to, "NULL", 4);
			to += 4;
			continue;
		}
		*to++ = '"';
		for (const char *c = texts.items[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				*to++ = '\\';
			*to++ = *c;
		}
		*to++ = '"';
	}
	*to++ = '}';
	return text;
}

void promo_param_texts(struct promo_params *params, struct promo_texts texts)
{
	add_made(params, array_text(params->arena, texts));
}

void promo_param_texts_or_null(struct promo_params *params, struct promo_texts texts)
{
	if (texts.count > 0)
		promo_param_texts(params, texts);
	else
		add(params, NULL);
}
