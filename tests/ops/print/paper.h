/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/print/voucher.h"

/* Documents of the tests, and what other programs (poppler, zbar) see in them. */

struct paper {
	char dir[64]; /* of its own, removed by paper_free() */
	char pdf[96];
	uint8_t *bytes;
	size_t size;
	size_t fail_at; /* bytes after which the taker fails; 0: never */
	size_t calls;
};

struct paper *paper_new(void);
void paper_free(struct paper *paper);

/* A taker (promo_print_write_fn) that keeps the bytes; the context is a struct paper. Its failure is
 * PAPER_FULL. */
enum {
	PAPER_FULL = 1234
};
int paper_take(void *context, const void *bytes, size_t size);

/* Draws serials first, first + step, ... up to last. Each code is paper_code(serial, length). */
struct paper_run {
	int64_t first, last, step;
	size_t length; /* of the codes, 16 unless said */
};
void paper_draw(
	struct paper *paper, const struct promo_voucher_head *head, const struct paper_run *run);
/* In canonical form; the same for the same serial. */
void paper_code(int64_t serial, size_t length, char *ret);

/* Writes paper->bytes to paper->pdf. */
void paper_save(struct paper *paper);

/* What a program writes to its standard output; "%" alone stands for the file. Fails the test if the
 * program cannot be run; says its status in *ret_status. The caller frees. */
char *paper_ask(const struct paper *paper, const char *const *arguments, int *ret_status);

/* A page as a picture of grey levels, black 0. */
struct paper_picture {
	int width, height;
	uint8_t *pixels;
};
struct paper_picture paper_render(const struct paper *paper, int page, int dots_an_inch);

/* The QR codes of a page as zbar reads them in the places of the vouchers, one a line in the order of
 * the slots; the caller frees. (Given a whole page, zbar mixes the corners of neighbours up.) */
char *paper_scan(const struct paper *paper, int page);

int paper_pages(const struct paper *paper);
