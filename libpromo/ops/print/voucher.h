/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Codes on paper: a PDF of A4 sheets with 12 vouchers each, three in a row. Vouchers go in, bytes
 * come out through a callback while they do: a document of any length takes the same memory. Pure
 * drawing: no database, no clock, no files but the fonts of the system.
 *
 * Where a voucher stands follows from its serial alone: sheet (serial - 1) / 12 + 1, slot
 * (serial - 1) % 12 + 1, counted along the rows. A serial that is left out leaves its slot empty, and
 * a sheet on which nothing is left is not printed: so "p. 17/8334, slot 5" names the same code in
 * every printout of the batch (docs/decisions/0021).
 *
 * Nothing can leave its place: what people typed is shortened, then made smaller, then cut.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_SHEET_SLOTS = 12,
};

/* A picture of logo.h: what a logo was decoded to. */
struct promo_picture;

/* What is the same on all sheets. All is borrowed until promo_vouchers_start() returns. */
struct promo_voucher_head {
	const char *company; /* who issues the codes; NULL or "": nobody is named */
	const char *batch;
	const char *made_on; /* YYYY-MM-DD, for the properties of the document; NULL: not said */
	const struct promo_picture *logo; /* NULL: none */
	int64_t sheets;                   /* of the whole batch: the 8334 of "17/8334" */
	bool qr; /* a QR code of each code, in the form in which it is printed */
};

/* One code. */
struct promo_voucher {
	const char *code;    /* canonical */
	const char *amount;  /* for people: "500 RWF" (ASCII) */
	const char *expires; /* YYYY-MM-DD */
	int64_t serial;      /* from 1 */
};

/* Takes the next bytes of the document; what it returns beside 0 ends the document, and comes back
 * from the call during which it was returned or from a later one. */
typedef int promo_print_write_fn(void *context, const void *bytes, size_t size);

struct promo_vouchers;

/* Begins a document. The caller ends it with promo_vouchers_free(). A fault without memory or without
 * any font. */
int promo_vouchers_start(const struct promo_voucher_head *head, promo_print_write_fn *write,
	void *context, struct promo_vouchers **ret) PROMO_CHECK;

/* The next code: serials rise strictly, else it is a fault, as is a serial beyond the last sheet. What
 * `write` returned, if it was not 0. */
int promo_vouchers_add(
	struct promo_vouchers *vouchers, const struct promo_voucher *voucher) PROMO_CHECK;

/* Writes what is left. Without a single voucher the document is one sheet that says so. */
int promo_vouchers_finish(struct promo_vouchers *vouchers) PROMO_CHECK;

/* At any time; what was not finished is no document. NULL is fine. */
void promo_vouchers_free(struct promo_vouchers *vouchers);

PROMO_END_DECLS
