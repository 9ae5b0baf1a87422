/* SPDX-License-Identifier: MIT */
#include "promo-cli/qr.h"

#include <qrencode.h>
#include <string.h>

enum {
	DARK_BIT = 1, /* of a module, as libqrencode says it */
	QUIET = 2     /* light modules around it */
};

/* The light modules are what is drawn; so it can be read without colours too, on a dark ground. */
static const char white_on_black[] = "\033[97;40m", normal[] = "\033[0m";

/* Around it all is light, as far as the quiet zone goes. */
static bool is_light(const QRcode *code, int column, int row)
{
	int x = column - QUIET, y = row - QUIET;

	if (row >= code->width + 2 * QUIET)
		return false;
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return !(code->data[y * code->width + x] & DARK_BIT);
}

static void print_row(const struct cli_out *out, const QRcode *code, int row)
{
	static const char *const halves[2][2] = { { " ", "▄" }, { "▀", "█" } };

	cli_put(out, out->colour ? white_on_black : "");
	for (int column = 0; column < code->width + 2 * QUIET; column++)
		cli_put(out, halves[is_light(code, column, row)][is_light(code, column, row + 1)]);
	cli_put(out, out->colour ? normal : "");
	cli_put(out, "\n");
}

bool cli_qr_print(const struct cli_out *out, const char *text)
{
	QRcode *code;
	bool fits;

	if (!out->data_terminal || !out->utf8)
		return false;
	code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	if (!code)
		return false;
	fits = (size_t)code->width + 2 * QUIET <= out->columns;
	for (int row = 0; fits && row < code->width + 2 * QUIET; row += 2)
		print_row(out, code, row);
	explicit_bzero(code->data, (size_t)(code->width * code->width));
	QRcode_free(code);
	return fits;
}
