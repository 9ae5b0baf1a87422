/* SPDX-License-Identifier: MIT */
#include "promo-tui/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "libpromo/base/error.h"

enum {
	DARK_BIT = 1 /* of a module, as libqrencode says it */
};

int tui_qr_make(const char *text, struct tui_qr *ret)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);

	if (!code)
		return errno == ENOMEM ? promo_fault(-ENOMEM, "could not make a QR code")
				       : PROMO_E_INVALID_INPUT;
	if (code->width > TUI_QR_MODULES_MAX) {
		QRcode_free(code);
		return PROMO_E_INVALID_INPUT;
	}
	*ret = (struct tui_qr){ .modules = code->width };
	for (int i = 0; i < code->width * code->width; i++)
		ret->dark[i / code->width][i % code->width] = code->data[i] & DARK_BIT;
	explicit_bzero(code->data, (size_t)(code->width * code->width));
	QRcode_free(code);
	return 0;
}

int tui_qr_columns(const struct tui_qr *qr)
{
	return qr->modules + 2 * TUI_QR_QUIET;
}

int tui_qr_rows(const struct tui_qr *qr)
{
	return (qr->modules + 2 * TUI_QR_QUIET + 1) / 2;
}

/* Around it all is light, as far as the quiet zone goes. */
static bool is_light(const struct tui_qr *qr, int column, int row)
{
	int x = column - TUI_QR_QUIET, y = row - TUI_QR_QUIET;

	if (row >= tui_qr_columns(qr))
		return false;
	if (x < 0 || y < 0 || x >= qr->modules || y >= qr->modules)
		return true;
	return !qr->dark[y][x];
}

void tui_qr_draw(const struct tui_qr *qr, struct tui_canvas *canvas, int x, int y)
{
	static const char *const halves[2][2] = { { " ", "▄" }, { "▀", "█" } };

	for (int row = 0; row < tui_qr_rows(qr); row++)
		for (int column = 0; column < tui_qr_columns(qr); column++)
			(void)tui_put(canvas, x + column, y + row, 1, TUI_QR,
				halves[is_light(qr, column, 2 * row)]
				      [is_light(qr, column, 2 * row + 1)]);
}
