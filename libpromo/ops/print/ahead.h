/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/ops/print/sheet.h"

/*
 * Sheets on their way: their QR codes, which take longer than all the drawing, are encoded on a
 * thread of its own while the caller draws earlier sheets. Whoever would have to wait for that thread
 * encodes one himself instead, so that both are always busy. Sheets come out in the order in which
 * they went in. Not installed.
 */

struct promo_ahead;

int promo_ahead_new(struct promo_ahead **ret) PROMO_CHECK;
/* Waits for the thread. NULL is fine. */
void promo_ahead_free(struct promo_ahead *ahead);

/* The sheet to be filled next, empty; NULL: so many are on their way that the oldest has to be taken
 * first. */
struct promo_sheet *promo_ahead_room(struct promo_ahead *ahead);
/* The sheet from promo_ahead_room() is complete. */
void promo_ahead_push(struct promo_ahead *ahead);

/* The oldest sheet, encoded; it stays in its place until promo_ahead_drop(). NULL in *ret: there is
 * none, or, unless `wait`, not yet. A fault if it could not be encoded. */
int promo_ahead_oldest(
	struct promo_ahead *ahead, bool wait, const struct promo_sheet **ret) PROMO_CHECK;
void promo_ahead_drop(struct promo_ahead *ahead);
