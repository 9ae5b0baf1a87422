/* SPDX-License-Identifier: MIT */
#include <cairo.h>
#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/ops/print/qr.h"

struct promo_qr_grid promo_qr_grid_of(const struct promo_sheet *sheet)
{
	struct promo_qr_grid grid = { .version = 1, .side = 21, .pitch = 60 };

	for (int i = 0; i < sheet->count; i++) {
		if (strlen(sheet->vouchers[i].code) > PROMO_QR_SHORT_MAX)
			grid = (struct promo_qr_grid){ .version = 2, .side = 25, .pitch = 72 };
	}
	grid.width = (PROMO_SHEET_COLUMNS - 1) * grid.pitch + grid.side;
	grid.height = (PROMO_SHEET_ROWS - 1) * grid.pitch + grid.side;
	grid.stride = cairo_format_stride_for_width(CAIRO_FORMAT_A1, grid.width);
	return grid;
}

static void set_bit(unsigned char *row, int x)
{
	uint32_t word;

	/* CAIRO_FORMAT_A1: words of 32 bits in the byte order of the machine, filled as it is. */
	row += x / 32 * 4;
	memcpy(&word, row, sizeof(word));
	word |= __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? UINT32_C(1) << x % 32
							  : UINT32_C(1) << (31 - x % 32);
	memcpy(row, &word, sizeof(word));
}

static void place(
	struct promo_sheet *sheet, const struct promo_qr_grid *grid, const QRcode *qr, int slot)
{
	int left = slot % PROMO_SHEET_COLUMNS * grid->pitch;
	int top = slot / PROMO_SHEET_COLUMNS * grid->pitch;

	for (int y = 0; y < grid->side; y++) {
		unsigned char *row = sheet->mask + (top + y) * grid->stride;

		for (int x = 0; x < grid->side; x++)
			if (qr->data[y * grid->side + x] & 1)
				set_bit(row, left + x);
	}
}

static int encode(struct promo_sheet *sheet, const struct promo_qr_grid *grid,
	const struct promo_sheet_voucher *voucher)
{
	QRinput *input = QRinput_new2(grid->version, QR_ECLEVEL_M);
	QRcode *qr = NULL;

	if (input && QRinput_append(input, QR_MODE_AN, (int)strlen(voucher->code),
			     (const unsigned char *)voucher->code) == 0)
		qr = QRcode_encodeInput(input);
	QRinput_free(input);
	if (!qr || qr->width != grid->side) {
		QRcode_free(qr);
		return promo_fault(-EIO, "could not encode a QR code");
	}
	place(sheet, grid, qr, voucher->slot);
	QRcode_free(qr);
	return 0;
}

int promo_qr_encode(struct promo_sheet *sheet)
{
	struct promo_qr_grid grid = promo_qr_grid_of(sheet);
	int r = 0;

	memset(sheet->mask, 0, sizeof(sheet->mask));
	for (int i = 0; !r && i < sheet->count; i++)
		r = encode(sheet, &grid, &sheet->vouchers[i]);
	return r;
}
