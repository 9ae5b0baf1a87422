/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/feed_vector.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "libpromo/base/hash.h"

/*
 * As a text: a byte for the form, numbers of 7 bits a byte with the lower ones first, and at the end the
 * first bytes of a hash of all that, in base64url. Writers are told by how far each is behind the one
 * before.
 */

enum {
	FORM = 1,
	CHECK_BYTES = 4,
	NUMBER_BYTES_MAX = 10,
};

int promo_feed_vector_new(struct promo_arena *arena, struct promo_feed_vector **ret)
{
	struct promo_feed_vector *vector = promo_arena_alloc(arena, sizeof(*vector));

	if (vector)
		vector->places = promo_arena_alloc_array(
			arena, PROMO_FEED_WRITERS_MAX, sizeof(*vector->places));
	if (!vector || !vector->places)
		return promo_fault(-ENOMEM, "could not take a position in the audit trail");
	*ret = vector;
	return 0;
}

static size_t put_number(unsigned char *to, int64_t number)
{
	uint64_t left = (uint64_t)number;
	size_t size = 0;

	while (left > 0x7f) {
		to[size++] = (unsigned char)(left | 0x80);
		left >>= 7;
	}
	to[size++] = (unsigned char)left;
	return size;
}

struct reader {
	const unsigned char *at, *end;
	bool bad;
};

static int64_t take_number(struct reader *reader)
{
	uint64_t number = 0;

	for (unsigned shift = 0; reader->at < reader->end && shift < 63; shift += 7) {
		unsigned char byte = *reader->at++;

		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return (int64_t)number;
	}
	reader->bad = true;
	return 0;
}

int promo_feed_vector_format(
	const struct promo_feed_vector *vector, struct promo_arena *arena, const char **ret)
{
	const size_t room = 1 + (4 + 2 * vector->count) * NUMBER_BYTES_MAX + CHECK_BYTES;
	unsigned char *bytes = promo_arena_alloc(arena, room);
	unsigned char hash[PROMO_HASH_BYTES];
	int64_t before = 0;
	size_t size = 0;
	char *text;

	if (!bytes)
		return promo_fault(-ENOMEM, "could not write a position down");
	bytes[size++] = FORM;
	size += put_number(bytes + size, vector->settled);
	size += put_number(bytes + size, vector->newest);
	size += put_number(bytes + size, vector->newest_at);
	size += put_number(bytes + size, (int64_t)vector->count);
	for (size_t i = 0; i < vector->count; i++) {
		size += put_number(bytes + size, vector->places[i].writer - before);
		size += put_number(bytes + size, vector->places[i].seq);
		before = vector->places[i].writer;
	}
	promo_hash(bytes, size, hash);
	memcpy(bytes + size, hash, CHECK_BYTES);
	size += CHECK_BYTES;
	text = promo_arena_alloc(arena, PROMO_BASE64URL_SIZE(size));
	if (!text)
		return promo_fault(-ENOMEM, "could not write a position down");
	promo_base64url_encode(bytes, size, text);
	*ret = text;
	return 0;
}

/* Whether the writers are in their order, each listed once. */
static bool read_places(struct reader *reader, int64_t count, struct promo_feed_vector *vector)
{
	int64_t writer = 0;

	for (int64_t i = 0; i < count && !reader->bad; i++) {
		int64_t step = take_number(reader);

		if (step < 1 || step > INT64_MAX - writer)
			return false;
		writer += step;
		vector->places[vector->count++] =
			(struct promo_feed_place){ .writer = writer, .seq = take_number(reader) };
	}
	return !reader->bad;
}

int promo_feed_vector_parse(
	const char *text, struct promo_arena *arena, struct promo_feed_vector **ret)
{
	const size_t room = strnlen(text, PROMO_FEED_TEXT_MAX) / 4 * 3 + 3;
	unsigned char *bytes = promo_arena_alloc(arena, room);
	unsigned char hash[PROMO_HASH_BYTES];
	struct promo_feed_vector *vector;
	struct reader reader;
	size_t size;
	int64_t count;
	int r;

	if (!bytes)
		return promo_fault(-ENOMEM, "could not read a position");
	if (promo_base64url_decode(text, bytes, room, &size) || size < 1 + CHECK_BYTES ||
		bytes[0] != FORM)
		return PROMO_E_INVALID_INPUT;
	size -= CHECK_BYTES;
	promo_hash(bytes, size, hash);
	if (memcmp(bytes + size, hash, CHECK_BYTES) != 0)
		return PROMO_E_INVALID_INPUT;
	r = promo_feed_vector_new(arena, &vector);
	if (r)
		return r;
	reader = (struct reader){ .at = bytes + 1, .end = bytes + size };
	vector->settled = take_number(&reader);
	vector->newest = take_number(&reader);
	vector->newest_at = take_number(&reader);
	count = take_number(&reader);
	if (reader.bad || count > PROMO_FEED_WRITERS_MAX || !read_places(&reader, count, vector) ||
		reader.at != reader.end)
		return PROMO_E_INVALID_INPUT;
	*ret = vector;
	return 0;
}

/* Where it stands, or would stand. */
static size_t place_of(const struct promo_feed_vector *vector, int64_t writer)
{
	size_t low = 0, high = vector->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (vector->places[middle].writer < writer)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct promo_feed_place *promo_feed_vector_find(
	const struct promo_feed_vector *vector, int64_t writer)
{
	size_t at = place_of(vector, writer);

	return at < vector->count && vector->places[at].writer == writer ? &vector->places[at]
									 : NULL;
}

int promo_feed_vector_put(struct promo_feed_vector *vector, int64_t writer, int64_t seq)
{
	size_t at = place_of(vector, writer);

	if (at < vector->count && vector->places[at].writer == writer) {
		vector->places[at].seq = seq;
		return 0;
	}
	if (vector->count == PROMO_FEED_WRITERS_MAX)
		return promo_fault(-E2BIG, "more than %d writers of the audit trail are open",
			PROMO_FEED_WRITERS_MAX);
	memmove(&vector->places[at + 1], &vector->places[at],
		(vector->count - at) * sizeof(*vector->places));
	vector->places[at] = (struct promo_feed_place){ .writer = writer, .seq = seq };
	vector->count++;
	return 0;
}

void promo_feed_vector_drop(struct promo_feed_vector *vector, int64_t writer)
{
	size_t at = place_of(vector, writer);

	if (at == vector->count || vector->places[at].writer != writer)
		return;
	vector->count--;
	memmove(&vector->places[at], &vector->places[at + 1],
		(vector->count - at) * sizeof(*vector->places));
}
