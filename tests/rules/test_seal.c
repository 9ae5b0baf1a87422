/* SPDX-License-Identifier: MIT */
/* A row is hashed as docs/decisions/0031 says, by a value that another program computed from that page, and
 * nothing in it can change, move or become null without another hash; seals are signed as a whole; and
 * ranges are read only where they can be what a sealer wrote, whatever the bytes are. The checker itself is
 * proven with a database: tests/ops/test_seals.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/rules/seal.h"
#include "tests/lib/test.h"

static const char *const row[PROMO_SEAL_COLUMNS] = { "5", "17",
	"01890a5d-ac96-774b-bcce-b302099a8057", "2026-11-22T11:58:16.123456Z", "user", NULL, "",
	"192.0.2.7", NULL, "code.verify", NULL, NULL, NULL, "allowed", NULL, "[]", NULL, "1", "r" };

static void test_a_row(void **state)
{
	unsigned char leaf[PROMO_SEAL_HASH_BYTES], other[PROMO_SEAL_HASH_BYTES];
	char hex[PROMO_SHA256_HEX_SIZE];

	(void)state;
	promo_seal_leaf(row, leaf);
	promo_hex_encode(leaf, sizeof(leaf), hex);
	assert_string_equal(
		hex, "98f5c76b5c8bda814e1515fe2df9a56d224735a3a42e415f46dd6b9dd9d46384");
	for (int i = 0; i < PROMO_SEAL_COLUMNS; i++) {
		const char *changed[PROMO_SEAL_COLUMNS];

		memcpy(changed, row, sizeof(changed));
		changed[i] = row[i] ? NULL : "";
		promo_seal_leaf(changed, other);
		assert_memory_not_equal(leaf, other, sizeof(leaf));
		changed[i] = "x";
		promo_seal_leaf(changed, other);
		assert_memory_not_equal(leaf, other, sizeof(leaf));
	}
}

static void test_ranges(void **state)
{
	struct promo_arena *arena = promo_arena_new(8 * 1024 * 1024);
	const struct promo_seal_range ranges[] = { { 1, 1, 3, { 1 } }, { 7, 12, 12, { 2 } },
		{ INT64_MAX, 5, 6, { 3 } } };
	struct promo_seal_range bad[2] = { { 1, 1, 3, { 1 } }, { 2, 1, 1, { 2 } } };
	struct promo_seal_range *read;
	const char *text;
	size_t count;

	(void)state;
	assert_int_equal(promo_seal_ranges_write(ranges, 3, arena, &text), 0);
	assert_int_equal(promo_seal_ranges_read(text, arena, &read, &count), 0);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(read[i].writer_id, ranges[i].writer_id);
		assert_int_equal(read[i].from, ranges[i].from);
		assert_int_equal(read[i].to, ranges[i].to);
		assert_memory_equal(read[i].root, ranges[i].root, PROMO_SEAL_HASH_BYTES);
	}
	assert_int_equal(promo_seal_ranges_read("", arena, &read, &count), 0);
	assert_int_equal(count, 0);
	/* Cut, no hex, not in order, twice the same, backwards, too many rows in one and in all. */
	assert_int_equal(promo_seal_ranges_read("00", arena, &read, &count), PROMO_E_INVALID_INPUT);
	((char *)(uintptr_t)text)[40] = 'g';
	assert_int_equal(promo_seal_ranges_read(text, arena, &read, &count), PROMO_E_INVALID_INPUT);
#define BAD(...)                                                                                   \
	do {                                                                                       \
		bad[1] = (struct promo_seal_range){ __VA_ARGS__ };                                 \
		assert_int_equal(promo_seal_ranges_write(bad, 2, arena, &text), 0);                \
		assert_int_equal(promo_seal_ranges_read(text, arena, &read, &count),               \
			PROMO_E_INVALID_INPUT);                                                    \
	} while (0)
	BAD(1, 4, 5, { 0 });
	BAD(0, 1, 1, { 0 });
	BAD(-5, 1, 1, { 0 });
	BAD(2, 0, 1, { 0 });
	BAD(2, 2, 1, { 0 });
	BAD(2, INT64_MIN, 1, { 0 });
	BAD(2, 1, INT64_MAX, { 0 });
	BAD(2, 1, PROMO_SEAL_ROWS_MAX - 2, { 0 });
	promo_arena_free(arena);
}

static void test_a_seal_is_signed_as_a_whole(void **state)
{
	struct promo_arena *arena = promo_arena_new(1024 * 1024);
	const struct promo_seal_range range = { 1, 1, 3, { 1 } };
	const unsigned char seed[PROMO_SIGN_SEED_BYTES] = { 3 };
	unsigned char keys[2][PROMO_SIGN_PUBLIC_BYTES] = { { 0 } };
	const unsigned char(*trusted)[PROMO_SIGN_PUBLIC_BYTES] =
		(const unsigned char(*)[PROMO_SIGN_PUBLIC_BYTES])keys;
	struct promo_audit_seal seal = { .id = 5, .at = 77, .previous = promo_seal_no_hash }, other;
	char hash[PROMO_SHA256_HEX_SIZE], other_hash[PROMO_SHA256_HEX_SIZE];

	(void)state;
	promo_sign_public(seed, keys[1]);
	assert_int_equal(promo_seal_ranges_write(&range, 1, arena, &seal.ranges), 0);
	assert_int_equal(promo_seal_sign(seed, arena, &seal), 0);
	assert_true(promo_seal_signed(&seal, trusted, 2));
	assert_false(promo_seal_signed(&seal, trusted, 1));
	assert_true(promo_seal_hash(&seal, hash));
#define OTHER(change)                                                                              \
	do {                                                                                       \
		other = seal;                                                                      \
		change;                                                                            \
		assert_false(promo_seal_signed(&other, trusted, 2));                               \
	} while (0)
	OTHER(other.id = 6);
	OTHER(other.at = 78);
	OTHER(other.dropped_to = 1);
	OTHER(other.ranges = "");
	OTHER(other.root = promo_seal_no_hash);
	OTHER(other.root = "nonsense");
	OTHER(other.previous = hash);
	OTHER(other.previous = "");
	OTHER(other.signature = "");
	OTHER(other.signature = hash);
	other = seal;
	other.at = 78;
	assert_true(promo_seal_hash(&other, other_hash));
	assert_string_not_equal(hash, other_hash);
	promo_arena_free(arena);
}

static int setup(void **state)
{
	(void)state;
	return promo_base_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_a_seal_is_signed_as_a_whole),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
