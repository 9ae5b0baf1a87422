/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/screens.h"

/* What the form of a fraud report is opened with: the code and what is known of its redemption. Texts
 * are copied. */
struct tui_report_subject {
	const char *code;     /* canonical */
	const char *redeemed; /* "2026-11-22 14:03 for +250788123456 by Jean Bosco" */
};
