/* SPDX-License-Identifier: MIT */
/* What was sealed for a public key opens with its secret half alone, piece by piece and in order; a changed
 * bit, a piece left out, moved or of another file is found, and the last piece says that it is the last. */
#include <string.h>

#include "libpromo/base/box.h"
#include "libpromo/base/error.h"
#include "tests/lib/test.h"

static const unsigned char secret[PROMO_BOX_KEY_BYTES] = "one", other[PROMO_BOX_KEY_BYTES] = "two";

enum {
	SIZE = 12,
	SEALED = SIZE + PROMO_BOX_EXTRA_BYTES,
	PIECES = 3,
};

struct file {
	unsigned char head[PROMO_BOX_HEAD_BYTES];
	unsigned char pieces[PIECES][SEALED];
};

static void seal(struct file *file)
{
	unsigned char public_key[PROMO_BOX_KEY_BYTES];
	struct promo_box box;

	promo_box_public(secret, public_key);
	assert_int_equal(promo_box_begin(public_key, file->head, &box), 0);
	for (int i = 0; i < PIECES; i++)
		promo_box_seal(&box, "twelve bytes", SIZE, i == PIECES - 1, file->pieces[i]);
}

static void test_there_and_back(void **state)
{
	struct file file, again;
	struct promo_box box;
	char opened[SIZE];
	bool last;

	(void)state;
	seal(&file);
	seal(&again);
	assert_memory_not_equal(file.pieces[0], again.pieces[0], SEALED);
	assert_int_equal(promo_box_open(other, file.head, &box), PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_box_open(secret, file.head, &box), 0);
	for (int i = 0; i < PIECES; i++) {
		assert_int_equal(promo_box_unseal(&box, file.pieces[i], SEALED, opened, &last), 0);
		assert_memory_equal(opened, "twelve bytes", SIZE);
		assert_int_equal(last, i == PIECES - 1);
	}
}

static void test_what_was_changed(void **state)
{
	struct file file, other_file;
	struct promo_box box;
	char opened[SIZE];
	bool last;

	(void)state;
	seal(&file);
	seal(&other_file);
	for (size_t i = 0; i < SEALED; i++) {
		assert_int_equal(promo_box_open(secret, file.head, &box), 0);
		file.pieces[0][i] ^= 1;
		assert_int_equal(promo_box_unseal(&box, file.pieces[0], SEALED, opened, &last),
			PROMO_E_INVALID_INPUT);
		file.pieces[0][i] ^= 1;
	}
	assert_int_equal(promo_box_unseal(&box, file.pieces[1], SEALED, opened, &last),
		PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_box_unseal(&box, other_file.pieces[0], SEALED, opened, &last),
		PROMO_E_INVALID_INPUT);
	for (size_t size = 0; size < SEALED; size++)
		assert_int_equal(promo_box_unseal(&box, file.pieces[0], size, opened, &last),
			PROMO_E_INVALID_INPUT);
	for (size_t i = 0; i < PROMO_BOX_HEAD_BYTES - 24; i++) {
		file.head[i] ^= 1;
		assert_int_equal(promo_box_open(secret, file.head, &box), PROMO_E_INVALID_INPUT);
		file.head[i] ^= 1;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_what_was_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
