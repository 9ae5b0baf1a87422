/* SPDX-License-Identifier: MIT */
/* The file of a form is what was put into it, in whatever pieces the body comes, also where it is full
 * of what looks like its own delimiter; a body that is none, has other parts or no end is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/error.h"
#include "libpromo/base/multipart.h"

#define HEAD                                                                                       \
	"Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"                    \
	"Content-Type: text/csv\r\n\r\n"

struct file {
	char bytes[256];
	size_t size;
};

static int take(void *context, const void *bytes, size_t size)
{
	struct file *file = context;

	assert_true(file->size + size <= sizeof(file->bytes));
	memcpy(file->bytes + file->size, bytes, size);
	file->size += size;
	return 0;
}

static int read_in_pieces(const char *body, size_t piece, struct file *ret)
{
	const size_t size = strlen(body);
	struct promo_multipart *multipart;
	int r = 0;

	*ret = (struct file){ .size = 0 };
	assert_int_equal(
		promo_multipart_new("multipart/form-data; boundary=\"x-y\"", &multipart), 0);
	for (size_t at = 0; !r && at < size; at += piece)
		r = promo_multipart_feed(
			multipart, body + at, piece < size - at ? piece : size - at, take, ret);
	if (!r)
		r = promo_multipart_end(multipart);
	promo_multipart_free(multipart);
	return r;
}

static void test_files(void **state)
{
	static const char *const files[] = { "", "code\n", "\r\n", "\r\r\n--x-\r\n--x\r", "--x-y",
		"a\r\n-\r\n--\r\n--x\r\n", "\r\n--x-z" };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(files); i++) {
		char body[512] = "preamble\r\n--x-y \r\n" HEAD;
		struct file file;

		strncat(body, files[i], sizeof(body) - strlen(body) - 1);
		strncat(body, "\r\n--x-y--\r\nepilogue", sizeof(body) - strlen(body) - 1);
		for (size_t piece = 1; piece <= strlen(body); piece++)
			for (size_t from = 0; from <= 10; from += 10) {
				assert_int_equal(read_in_pieces(body + from, piece, &file), 0);
				assert_int_equal(file.size, strlen(files[i]));
				assert_memory_equal(file.bytes, files[i], file.size);
			}
	}
}

static void test_refused(void **state)
{
	static const char *const bodies[] = { "", "code\n", "--x-y--", "--x-y\r\n" HEAD "a",
		"--x-y\r\n" HEAD "a\r\n--x-y", "--x-y\r\n" HEAD "a\r\n--x-yz",
		"--x-y\r\n" HEAD "a\r\n--x-y\r\n" HEAD "b\r\n--x-y--",
		"--x-y\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\na\r\n--x-y--",
		"--x-y\r\nContent-Type: text/csv\r\n\r\na\r\n--x-y--", "--x-yz\r\n" HEAD };
	struct promo_multipart *multipart;
	struct file file;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bodies); i++)
		assert_int_equal(read_in_pieces(bodies[i], 7, &file), PROMO_E_MALFORMED_REQUEST);
	assert_int_equal(
		promo_multipart_new("multipart/form-data", &multipart), PROMO_E_MALFORMED_REQUEST);
	assert_int_equal(promo_multipart_new("multipart/form-data; boundary=", &multipart),
		PROMO_E_MALFORMED_REQUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
