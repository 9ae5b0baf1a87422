/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/* What a program has to do about downloads beside serving them. */

PROMO_BEGIN_DECLS

/* Waits until no thread of a download is left: at the end of a program, after it has closed the
 * spools that it was sending, which makes their writers stop. */
void promo_downloads_wait(void);

PROMO_END_DECLS
