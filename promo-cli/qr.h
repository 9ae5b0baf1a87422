/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/out.h"

/*
 * A QR code (ISO/IEC 18004) at the terminal, two modules a character in half blocks, for a telephone
 * that looks at it. The only file of this program that knows libqrencode.
 */

/* Prints the text as a picture. False where there can be none, and nothing is printed: stdout is no
 * terminal, it has no half blocks, or it is too narrow. */
bool cli_qr_print(const struct cli_out *out, const char *text);
