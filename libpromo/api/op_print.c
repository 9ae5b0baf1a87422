/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_print.h"

#include "libpromo/model/code.h"

#define T struct promo_code_print_in
static const struct promo_field code_print_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_code_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"only codes of these statuses; the places of others stay empty"),
	PROMO_F_BOOL(T, qr, PROMO_IN_QUERY, "false: without QR codes"),
};
#undef T
const struct promo_schema promo_code_print_in_schema =
	PROMO_INPUT(struct promo_code_print_in, "code_print_in", code_print_in);

const struct promo_op promo_op_code_print = {
	.name = "code.print",
	.summary = "Download the codes of a batch as sheets to be printed (PDF)",
	.method = PROMO_GET,
	.path = "/batches/{id}/codes.pdf",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_DOWNLOAD } },
	.in = &promo_code_print_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "application/pdf",
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo code print BATCH_SUMMER -o summer.pdf\n"
		    "promo code print BATCH_SUMMER --status active --qr false -o summer.pdf",
};
