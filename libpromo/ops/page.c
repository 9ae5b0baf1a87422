/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/page.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"
#include "libpromo/base/uuid.h"
#include "libpromo/store/rows_codes.h"

enum {
	CURSOR_MAX = 600, /* bytes; PROMO_LIST_FIELDS takes 800 characters of base64 */
	KEY_NAME_MAX = 32,
};

static void find_keys(struct promo_page *page, const struct promo_schema *schema, const char *keys)
{
	while (*keys) {
		size_t length = strcspn(keys, " ");
		char name[KEY_NAME_MAX];

		assert(length < sizeof(name) && page->key_count < PROMO_PAGE_KEYS_MAX);
		memcpy(name, keys, length);
		name[length] = '\0';
		page->keys[page->key_count] = promo_schema_field(schema, name);
		assert(page->keys[page->key_count]);
		page->key_count++;
		keys += length;
		keys += strspn(keys, " ");
	}
	assert(page->key_count > 0);
}

static bool key_fits(const struct promo_field *field, const char *text)
{
	char *end;

	switch (field->kind) {
	case PROMO_ID:
		return promo_uuid_valid(text);
	case PROMO_INT:
		errno = 0;
		(void)strtoll(text, &end, 10);
		return !errno && end != text && !*end;
	case PROMO_TEXT:
	case PROMO_EMAIL:
		return promo_utf8_valid(text, strlen(text));
	case PROMO_DATE:
		return promo_date_valid(text);
	case PROMO_CODE:
		return *text && text[strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
	case PROMO_BOOL:
	case PROMO_MONEY:
	case PROMO_TIME:
	case PROMO_DAY:
	case PROMO_PHONE:
	case PROMO_URL:
	case PROMO_SECRET:
	case PROMO_JSON:
	case PROMO_ENUM:
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		break;
	}
	return false;
}

/* The text at this place, if it is that one, and behind it. */
static bool skip_text(const char *bytes, size_t size, const char *text, size_t *at)
{
	if (*at >= size || strcmp(bytes + *at, text) != 0)
		return false;
	*at += strlen(text) + 1;
	return true;
}

/* A cursor is the operation's name, the order where there are several, and the keys, each ended by a
 * NUL, in base64url. */
static bool read_cursor(struct promo_page *page, const char *op, const char *cursor, char *bytes)
{
	size_t size, at = 0;

	if (promo_base64url_decode(cursor, bytes, CURSOR_MAX, &size) || size == 0 ||
		bytes[size - 1] != '\0' || !skip_text(bytes, size, op, &at) ||
		(page->sort && !skip_text(bytes, size, page->sort, &at)))
		return false;
	for (int i = 0; i < page->key_count; i++) {
		if (at >= size || !key_fits(page->keys[i], bytes + at))
			return false;
		page->after[i] = bytes + at;
		at += strlen(bytes + at) + 1;
	}
	return at == size;
}

static int open_page(struct promo_ctx *ctx, const char *keys, const char *sort, int64_t limit,
	const char *cursor, struct promo_page *ret)
{
	struct promo_page page = { .limit = limit, .sort = sort };
	char *bytes;

	if (limit == PROMO_NULL_INT || limit == 0)
		page.limit = PROMO_LIMIT_DEFAULT;
	find_keys(&page, ctx->op->out, keys);
	if (cursor) {
		bytes = promo_arena_alloc(ctx->arena, CURSOR_MAX);
		if (!bytes)
			return promo_fault(-ENOMEM, "could not read a cursor");
		if (!read_cursor(&page, ctx->op->name, cursor, bytes))
			return promo_ctx_refuse_field(
				ctx, "?cursor", "invalid_cursor", "not a next_cursor of this list");
	}
	*ret = page;
	return 0;
}

int promo_page_open(struct promo_ctx *ctx, const char *keys, int64_t limit, const char *cursor,
	struct promo_page *ret)
{
	return open_page(ctx, keys, NULL, limit, cursor, ret);
}

int promo_page_open_sorted(struct promo_ctx *ctx, const char *sort, const char *keys, int64_t limit,
	const char *cursor, struct promo_page *ret)
{
	const char *field = sort + (*sort == '-');

	if (!keys && strcmp(field, "created_at") == 0)
		keys = "id";
	if (!keys)
		keys = promo_arena_printf(ctx->arena, "%s id", field);
	if (!keys)
		return promo_fault(-ENOMEM, "could not name the keys of a page");
	return open_page(ctx, keys, sort, limit, cursor, ret);
}

bool promo_page_fits(struct promo_ctx *ctx, const char *keys, const char *cursor)
{
	struct promo_page page = { 0 };
	char bytes[CURSOR_MAX];

	find_keys(&page, ctx->op->out, keys);
	return read_cursor(&page, ctx->op->name, cursor, bytes);
}

void promo_page_params(const struct promo_page *page, struct promo_params *params)
{
	if (page->sort) {
		promo_param_text(params, page->sort);
		if (page->key_count == 1 && strcmp(page->keys[0]->name, "id") == 0)
			promo_param_null(params);
	}
	for (int i = 0; i < page->key_count; i++)
		promo_param_text(params, page->after[i]);
	promo_param_int(params, page->limit + 1);
}

static size_t put_text(char *bytes, size_t at, const char *text)
{
	size_t size = strlen(text) + 1;

	if (size > CURSOR_MAX - at)
		return 0;
	memcpy(bytes + at, text, size);
	return at + size;
}

static int write_cursor(
	struct promo_ctx *ctx, const struct promo_page *page, const char *row, const char **ret)
{
	char bytes[CURSOR_MAX], *cursor;
	size_t at = put_text(bytes, 0, ctx->op->name);

	if (at && page->sort)
		at = put_text(bytes, at, page->sort);
	for (int i = 0; at && i < page->key_count; i++) {
		const char *where = row + page->keys[i]->offset;
		const char *text;

		if (page->keys[i]->kind == PROMO_INT)
			text = promo_arena_printf(ctx->arena, "%" PRId64, *(const int64_t *)where);
		else
			text = *(const char *const *)where;
		/* Among what may lack it stands in front: statements put '' in its place. */
		if (!text && page->sort)
			text = "";
		at = text ? put_text(bytes, at, text) : 0;
	}
	if (!at)
		return promo_fault(-E2BIG, "the keys of %s do not make a cursor", ctx->op->name);
	cursor = promo_arena_alloc(ctx->arena, PROMO_BASE64URL_SIZE(at));
	if (!cursor)
		return promo_fault(-ENOMEM, "could not make a cursor");
	promo_base64url_encode(bytes, at, cursor);
	*ret = cursor;
	return 0;
}

int promo_page_cursor(struct promo_ctx *ctx, const char *keys, const void *row, const char **ret)
{
	struct promo_page page = { 0 };

	find_keys(&page, ctx->op->out, keys);
	return write_cursor(ctx, &page, row, ret);
}

int promo_page_close(struct promo_ctx *ctx, const struct promo_page *page,
	const struct promo_objects *rows, int64_t total, struct promo_list *ret)
{
	struct promo_list list = { .items = rows->items, .count = rows->count, .total = total };
	int r;

	if (list.count > (size_t)page->limit) {
		list.count = (size_t)page->limit;
		r = write_cursor(ctx, page,
			(const char *)list.items + (list.count - 1) * ctx->op->out->size,
			&list.next_cursor);
		if (r)
			return r;
	}
	*ret = list;
	return 0;
}

int promo_page_go_on(struct promo_ctx *ctx, const struct promo_page *page, enum promo_query beyond,
	const struct promo_params *params, struct promo_list *ret)
{
	char *last = promo_arena_alloc(ctx->arena, ctx->op->out->size);
	struct promo_id_row row;
	bool found;
	int r;

	if (!last)
		return promo_fault(-ENOMEM, "could not go on with a list");
	r = promo_store_find(ctx->store, ctx->arena, beyond, params, &row, &found);
	if (r || !found)
		return r;
	promo_set_nulls(ctx->op->out, last);
	memcpy(last + page->keys[0]->offset, &row.id, sizeof(row.id));
	return write_cursor(ctx, page, last, &ret->next_cursor);
}
