/* SPDX-License-Identifier: MIT */
/*
 * Numbers below n are drawn without a bias: what would make one likelier is rejected; a pool changes
 * nothing about the bytes of its source and keeps none that were handed out.
 */
#include "libpromo/base/random.h"

#include <string.h>

#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

/* A source that says what it is told to. */
struct script {
	const uint32_t *numbers;
	size_t at;
};

static void script_fill(void *context, void *bytes, size_t size)
{
	struct script *script = context;
	uint32_t number = script->numbers[script->at++];
	unsigned char *ret = bytes;

	assert_int_equal(size, 4);
	for (int i = 0; i < 4; i++)
		ret[i] = (unsigned char)(number >> 8 * i);
}

static void test_surplus_numbers_are_rejected(void **state)
{
	/* 2^32 modulo 30 is 16: 0 to 15 are one time more than fits. */
	static const uint32_t numbers[] = { 0, 15, 7, 16, UINT32_MAX, 3, 29 };
	struct script script = { numbers, 0 };
	struct promo_random source = { script_fill, &script };

	(void)state;
	assert_int_equal(promo_random_below(&source, 30), 16);
	assert_int_equal(script.at, 4);
	assert_int_equal(promo_random_below(&source, 30), UINT32_MAX % 30);
	assert_int_equal(promo_random_below(&source, 30), 29);
	assert_int_equal(script.at, 7);

	/* Nothing is rejected where it fits. */
	script.at = 0;
	for (size_t i = 0; i < PROMO_COUNT(numbers); i++)
		assert_int_equal(promo_random_below(&source, 32), numbers[i] % 32);
	script.at = 0;
	assert_int_equal(promo_random_below(&source, 1), 0);
}

static void test_results_are_equally_likely(void **state)
{
	static const uint32_t sizes[] = { 2, 3, 10, 30, 100 };
	struct seeded seeded = { 4 };
	struct promo_random source = seeded_source(&seeded);

	(void)state;
	for (size_t s = 0; s < PROMO_COUNT(sizes); s++) {
		uint32_t counts[100] = { 0 };
		uint32_t n = sizes[s];

		for (uint32_t i = 0; i < n * 10000; i++) {
			uint32_t number = promo_random_below(&source, n);

			assert_true(number < n);
			counts[number]++;
		}
		/* 10,000 expected, standard deviation at most 100. */
		for (uint32_t i = 0; i < n; i++)
			assert_in_range(counts[i], 10000 - 500, 10000 + 500);
	}
}

static void test_a_pool_keeps_the_bytes_and_forgets_them(void **state)
{
	struct seeded a = { 5 }, b = { 5 };
	static struct promo_random_pool pool;
	struct promo_random pooled = promo_random_pooled(&pool, seeded_source(&a));
	unsigned char expected[sizeof(pool.bytes)], got[sizeof(pool.bytes)], large[5000];

	(void)state;
	/* 1,024 divides by 4: every byte of the source is used, in order. */
	seeded_fill(&b, expected, sizeof(expected));
	for (size_t i = 0; i < sizeof(got); i += 4)
		pooled.fill(pooled.context, got + i, 4);
	assert_memory_equal(got, expected, sizeof(got));
	for (size_t i = 0; i < sizeof(pool.bytes); i++)
		assert_int_equal(pool.bytes[i], 0);

	memset(large, 0, sizeof(large));
	pooled.fill(pooled.context, large, sizeof(large));
	assert_int_not_equal(large[sizeof(large) - 1] | large[sizeof(large) - 2], 0);
	pooled.fill(pooled.context, got, 3);
	promo_random_pool_wipe(&pool);
	for (size_t i = 0; i < sizeof(pool.bytes); i++)
		assert_int_equal(pool.bytes[i], 0);
	assert_int_equal(pool.left, 0);
}

/* The keystream of ChaCha20 with a key and a nonce of zeros, RFC 8439 A.1, test vectors 1 and 2. */
static void test_a_stream_can_be_had_again(void **state)
{
	static const unsigned char key[PROMO_RANDOM_KEY_BYTES],
		first[8] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90 };
	static const unsigned char second[8] = { 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a };
	static struct promo_random_stream a, b;
	struct promo_random source = promo_random_streamed(&a, key, 0);
	struct promo_random other = promo_random_streamed(&b, key, 0);
	unsigned char all[5000], pieces[5000];

	(void)state;
	source.fill(source.context, all, sizeof(all));
	assert_memory_equal(all, first, sizeof(first));
	assert_memory_equal(all + 64, second, sizeof(second));
	for (size_t i = 0; i < sizeof(pieces); i += 8)
		other.fill(other.context, pieces + i, 8);
	assert_memory_equal(all, pieces, sizeof(all));
	other = promo_random_streamed(&b, key, 1);
	other.fill(other.context, pieces, sizeof(pieces));
	assert_memory_not_equal(all, pieces, 64);
	promo_random_stream_wipe(&b);
	for (size_t i = 0; i < sizeof(b.bytes); i++)
		assert_int_equal(b.bytes[i], 0);
}

static void test_the_system_gives_different_bytes(void **state)
{
	struct promo_random source = promo_random_system();
	unsigned char a[32], b[32];

	(void)state;
	assert_int_equal(promo_base_init(), 0);
	assert_int_equal(promo_base_init(), 0);
	source.fill(source.context, a, sizeof(a));
	source.fill(source.context, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surplus_numbers_are_rejected),
		cmocka_unit_test(test_results_are_equally_likely),
		cmocka_unit_test(test_a_pool_keeps_the_bytes_and_forgets_them),
		cmocka_unit_test(test_a_stream_can_be_had_again),
		cmocka_unit_test(test_the_system_gives_different_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
