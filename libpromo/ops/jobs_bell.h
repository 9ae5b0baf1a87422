/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/error.h"

/*
 * The bell of a job engine: a thread with a connection of its own that tells other processes of new
 * jobs and wishes (one NOTIFY for all that came meanwhile), hears of theirs, and interrupts steps
 * whose job is to be cancelled. Where there is no LISTEN it only looks for wishes now and then, and
 * the engines find jobs by looking as well: everything works, only later. Not installed.
 */

PROMO_BEGIN_DECLS

struct promo_bell;

/* `database` outlives the bell. `deaf`: there is no LISTEN behind this URI. */
int promo_bell_start(const char *database, bool deaf, struct promo_bell **ret) PROMO_CHECK;
void promo_bell_stop(struct promo_bell *bell); /* NULL is fine */

PROMO_END_DECLS
