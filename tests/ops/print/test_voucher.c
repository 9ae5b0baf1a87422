/* SPDX-License-Identifier: MIT */
/* Sheets of vouchers: every QR code read back by another program is the code that was given; every
 * text stands in its own voucher, where its serial says; a sheet looks like the picture of it; codes
 * that are left out leave their places empty; whoever takes the bytes can end it; and the length of a
 * document costs no memory. */
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/rules/code.h"
#include "tests/lib/test.h"
#include "tests/ops/print/paper.h"

enum {
	DOTS_AN_INCH = 24, /* of the pictures */
};

static const struct promo_voucher_head plain = {
	.company = "MBELYCO", .batch = "BATCH_20250917", .made_on = "2025-09-17", .sheets = 8334
};

static struct promo_voucher_head with_qr(void)
{
	struct promo_voucher_head head = plain;

	head.qr = true;
	return head;
}

static int setup(void **state)
{
	*state = paper_new();
	return 0;
}

static int teardown(void **state)
{
	paper_free(*state);
	return 0;
}

/* The codes of the serials, one a line. */
static void expect(const struct paper_run *run, char *ret, size_t size)
{
	size_t used = 0;

	for (int64_t serial = run->first; serial <= run->last; serial += run->step) {
		char code[PROMO_CODE_SIZE], shown[PROMO_CODE_SHOWN_SIZE];

		paper_code(serial, run->length, code);
		promo_code_show(code, shown);
		used += (size_t)snprintf(ret + used, size - used, "%s\n", shown);
		assert_true(used < size);
	}
}

static void test_every_qr_code_reads_as_its_code(void **state)
{
	static const size_t lengths[] = { 16, 20, 21, 32, 8 };
	const struct promo_voucher_head head = with_qr();

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct paper *paper = *state;
		const struct paper_run all = {
			.first = 1, .last = 25, .step = 1, .length = lengths[i]
		};

		paper->size = 0;
		paper_draw(paper, &head, &all);
		assert_int_equal(paper_pages(paper), 3);
		for (int page = 1; page <= 3; page++) {
			struct paper_run run = all;
			char *found = paper_scan(paper, page), expected[1024];

			run.first = (page - 1) * 12 + 1;
			run.last = page < 3 ? page * 12 : 25;
			expect(&run, expected, sizeof(expected));
			assert_string_equal(found, expected);
			free(found);
		}
	}
}

/* A word as pdftotext finds it: points from the upper left corner. */
struct word {
	double left, top, right, bottom;
	char text[64];
};

static size_t read_words(const struct paper *paper, struct word *words, size_t max)
{
	static const char *const arguments[] = { "pdftotext", "-bbox", "%", "-", NULL };
	int status;
	char *answer = paper_ask(paper, arguments, &status);
	size_t count = 0;

	assert_int_equal(status, 0);
	for (const char *at = answer; (at = strstr(at, "<word ")); at++) {
		struct word *word = &words[count++];

		assert_true(count <= max);
		assert_int_equal(
			sscanf(at,
				"<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%63[^<]",
				&word->left, &word->top, &word->right, &word->bottom, word->text),
			5);
	}
	free(answer);
	return count;
}

#define POINTS(millimetres) ((millimetres)*72.0 / 25.4)

/* The slot that a word stands in with all of its length, from 1; 0: none. */
static int slot_of(const struct word *word)
{
	for (int slot = 0; slot < 12; slot++) {
		double left = POINTS(37 + slot % 3 * 48), top = POINTS(56.5 + slot / 3 * 48);

		if (word->left >= left && word->right <= left + POINTS(40) && word->bottom > top &&
			(word->top + word->bottom) / 2 <= top + POINTS(40))
			return slot + 1;
	}
	return 0;
}

/* Codes stand in their slots, with their places beside them; all else in the head and the foot. */
static void assert_places(const struct paper *paper, int64_t sheet)
{
	struct word words[256];
	size_t count = read_words(paper, words, 256);
	int codes = 0, slots = 0, outside = 0;

	for (size_t i = 0; i < count; i++) {
		int slot = slot_of(&words[i]);
		char code[PROMO_CODE_SIZE], shown[PROMO_CODE_SHOWN_SIZE];

		if (!slot) {
			outside++;
			assert_true(words[i].bottom < POINTS(40) || words[i].top > POINTS(260));
			continue;
		}
		paper_code((sheet - 1) * 12 + slot, 16, code);
		promo_code_show(code, shown);
		if (strcmp(words[i].text, shown) == 0)
			codes++;
		if (strcmp(words[i].text, "slot") == 0) {
			slots++;
			char number[16];

			(void)snprintf(number, sizeof(number), "%d", slot);
			assert_string_equal(words[i + 1].text, number);
			assert_string_equal(words[i - 1].text, "17/8334,");
		}
	}
	assert_int_equal(codes, 12);
	assert_int_equal(slots, 12);
	assert_int_equal(outside, 3); /* the company, the batch, the number of the sheet */
}

static void test_everything_stands_in_its_voucher(void **state)
{
	struct promo_voucher_head head = plain;
	const struct paper_run run = { .first = 193, .last = 204, .step = 1, .length = 16 };

	for (int qr = 0; qr <= 1; qr++) {
		struct paper *paper = *state;

		paper->size = 0;
		head.qr = qr;
		paper_draw(paper, &head, &run);
		assert_places(paper, 17);
	}
}

static void test_what_is_left_out_leaves_its_place_empty(void **state)
{
	struct paper *paper = *state;
	const struct promo_voucher_head head = with_qr();
	/* 5, 29, 53: the fifth places of the sheets 1, 3 and 5. */
	const struct paper_run run = { .first = 5, .last = 53, .step = 24, .length = 16 };
	struct word words[64];
	int found = 0;
	size_t count;

	paper_draw(paper, &head, &run);
	assert_int_equal(paper_pages(paper), 3);
	count = read_words(paper, words, 64 * 1);
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].text, "slot") == 0) {
			static const char *const places[] = { "1/8334,", "3/8334,", "5/8334," };

			assert_int_equal(slot_of(&words[i]), 5);
			assert_string_equal(words[i - 1].text, places[found++]);
		}
	assert_int_equal(found, 3);
}

static void test_no_codes_is_a_sheet_that_says_so(void **state)
{
	struct promo_voucher_head head = plain;
	const struct paper_run none = { .first = 1, .last = 0, .step = 1 };

	for (int qr = 0; qr <= 1; qr++) {
		struct paper *paper = *state;
		struct word words[64];
		size_t count;

		paper->size = 0;
		head.qr = qr;
		paper_draw(paper, &head, &none);
		assert_int_equal(paper_pages(paper), 1);
		count = read_words(paper, words, 64);
		assert_true(count >= 2);
		assert_string_equal(words[count - 2].text, "no");
		assert_string_equal(words[count - 1].text, "codes");
	}
}

static void test_what_is_no_voucher(void **state)
{
	const struct promo_voucher_head head = { .batch = "B", .sheets = 2 };
	const struct promo_voucher good = {
		.code = "ABCD", .amount = "1 RWF", .expires = "2026-12-31", .serial = 7
	};
	struct promo_voucher bad;
	struct promo_vouchers *vouchers;

	assert_int_equal(promo_vouchers_start(&head, paper_take, *state, &vouchers), 0);
	assert_int_equal(promo_vouchers_add(vouchers, &good), 0);
	assert_true(promo_vouchers_add(vouchers, &good) < 0);
	bad = good;
	bad.serial = 25;
	assert_true(promo_vouchers_add(vouchers, &bad) < 0);
	bad.serial = 8;
	bad.code = "012345678901234567890123456789012";
	assert_true(promo_vouchers_add(vouchers, &bad) < 0);
	promo_vouchers_free(vouchers);
}

/* Wherever the taker stops taking, that comes back, and nothing is written any more. */
static void test_a_taker_that_fails(void **state)
{
	const struct promo_voucher_head head = with_qr();
	struct paper *paper = *state;

	for (size_t at = 1; at < 60000; at += 7919) {
		struct promo_vouchers *vouchers = NULL;
		char code[PROMO_CODE_SIZE];
		size_t calls;
		int r;

		paper->size = 0;
		paper->fail_at = at;
		r = promo_vouchers_start(&head, paper_take, paper, &vouchers);
		for (int64_t serial = 1; !r && serial <= 1200; serial++) {
			const struct promo_voucher voucher = { .code = code,
				.amount = "1 RWF",
				.expires = "2026-12-31",
				.serial = serial };

			paper_code(serial, 16, code);
			r = promo_vouchers_add(vouchers, &voucher);
		}
		if (!r)
			r = promo_vouchers_finish(vouchers);
		assert_int_equal(r, PAPER_FULL);
		calls = paper->calls;
		promo_vouchers_free(vouchers);
		assert_int_equal(paper->calls, calls);
	}
}

/* A sheet beside the picture of it: the same shades in every part of some millimetres, whatever
 * version the fonts have. With a folder as its argument, this program takes the pictures anew. */
static void assert_like_picture(const struct paper *paper, const char *name)
{
	struct paper_picture page = paper_render(paper, 1, DOTS_AN_INCH);
	char path[512];
	cairo_surface_t *picture;
	const uint8_t *pixels;
	int64_t all = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", PICTURES, name);
	picture = cairo_image_surface_create_from_png(path);
	assert_int_equal(cairo_surface_status(picture), CAIRO_STATUS_SUCCESS);
	assert_int_equal(cairo_image_surface_get_width(picture), page.width);
	assert_int_equal(cairo_image_surface_get_height(picture), page.height);
	pixels = cairo_image_surface_get_data(picture);
	for (int y = 0; y + 4 <= page.height; y += 4)
		for (int x = 0; x + 4 <= page.width; x += 4) {
			int difference = 0;

			for (int i = 0; i < 16; i++) {
				int px = x + i % 4, py = y + i / 4;

				difference += page.pixels[py * page.width + px] -
					      pixels[py * cairo_image_surface_get_stride(picture) +
						      4 * px];
			}
			if (abs(difference) > 16 * 48)
				fail_msg("%s: %d,%d looks different", name, x, y);
			all += abs(difference) / 16;
		}
	assert_true(all / (page.width / 4 * (page.height / 4)) < 4);
	cairo_surface_destroy(picture);
	free(page.pixels);
}

static const char *draw_picture(struct paper *paper, int qr)
{
	struct promo_voucher_head head = plain;
	const struct paper_run run = { .first = 1, .last = 12, .step = 1, .length = 16 };

	paper->size = 0;
	head.qr = qr;
	paper_draw(paper, &head, &run);
	return qr ? "sheet-qr.png" : "sheet.png";
}

static void test_looks_like_its_picture(void **state)
{
	for (int qr = 0; qr <= 1; qr++)
		assert_like_picture(*state, draw_picture(*state, qr));
}

static int take_pictures(const char *folder)
{
	struct paper *paper = paper_new();

	for (int qr = 0; qr <= 1; qr++) {
		const char *name = draw_picture(paper, qr);
		struct paper_picture page = paper_render(paper, 1, DOTS_AN_INCH);
		cairo_surface_t *picture =
			cairo_image_surface_create(CAIRO_FORMAT_RGB24, page.width, page.height);
		uint8_t *pixels = cairo_image_surface_get_data(picture);
		int stride = cairo_image_surface_get_stride(picture);
		char path[512];

		for (int y = 0; y < page.height; y++)
			for (int x = 0; x < page.width; x++)
				memset(pixels + y * stride + 4 * x, page.pixels[y * page.width + x],
					4);
		cairo_surface_mark_dirty(picture);
		(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
		assert_int_equal(cairo_surface_write_to_png(picture, path), 0);
		cairo_surface_destroy(picture);
		free(page.pixels);
	}
	paper_free(paper);
	return 0;
}

static int drop(void *context, const void *bytes, size_t size)
{
	(void)context;
	(void)bytes;
	(void)size;
	return 0;
}

/* In a process of its own: its highest memory in KiB, after that many codes. */
static long memory_of(int64_t codes)
{
	struct promo_voucher_head head = with_qr();
	struct rusage usage;
	int status;
	pid_t child;

	head.sheets = codes / 12 + 1;
	child = fork();
	if (child == 0) {
		struct promo_vouchers *vouchers;
		char code[PROMO_CODE_SIZE];
		int r = promo_vouchers_start(&head, drop, NULL, &vouchers);

		for (int64_t serial = 1; !r && serial <= codes; serial++) {
			const struct promo_voucher voucher = { .code = code,
				.amount = "1 RWF",
				.expires = "2026-12-31",
				.serial = serial };

			paper_code(serial, 16, code);
			r = promo_vouchers_add(vouchers, &voucher);
		}
		_exit(r || promo_vouchers_finish(vouchers) ? 1 : 0);
	}
	assert_int_equal(wait4(child, &status, 0, &usage), child);
	assert_int_equal(status, 0);
	return usage.ru_maxrss;
}

static void test_length_costs_no_memory(void **state)
{
	long few = memory_of(600), many = memory_of(12000);

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	/* What is freed stays in quarantine for a while. */
	assert_true(many - few < 300 * 1024);
#else
	assert_true(many < 64 * 1024);
	/* 0.3 KiB a sheet: where its objects lie in the file. */
	if (many - few >= 1500)
		fail_msg("950 more sheets take %ld KiB more", many - few);
#endif
}

int main(int argc, char **argv)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length_costs_no_memory),
		WITH_PAPER(test_every_qr_code_reads_as_its_code),
		WITH_PAPER(test_everything_stands_in_its_voucher),
		WITH_PAPER(test_what_is_left_out_leaves_its_place_empty),
		WITH_PAPER(test_no_codes_is_a_sheet_that_says_so),
		WITH_PAPER(test_what_is_no_voucher),
		WITH_PAPER(test_a_taker_that_fails),
		WITH_PAPER(test_looks_like_its_picture),
	};

	if (argc > 1)
		return take_pictures(argv[1]);
	return cmocka_run_group_tests_name("ops/print/voucher", tests, NULL, NULL);
}
