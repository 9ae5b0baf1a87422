/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_branding.h"

/* Whoever asks gets a PNG of what was made of the picture, never the bytes that somebody sent: an
 * SVG may hold programs, and a browser would run them. Where none was set it is one pixel of nothing. */
#define GET_ROW(row, verb, what, file)                                                             \
	const struct promo_op row = {                                                              \
		.name = "branding." verb,                                                          \
		.summary = "Download " what " of the shop as a PNG",                               \
		.method = PROMO_GET,                                                               \
		.path = "/settings/branding/" file,                                                \
		.access = PROMO_ACCESS_PUBLIC,                                                     \
		.shape = PROMO_SHAPE_STREAM,                                                       \
		.status = 200,                                                                     \
		.media_type = "image/png",                                                         \
	}

#define SET_ROW(row, verb, what, file)                                                             \
	const struct promo_op row = {                                                              \
		.name = "branding." verb,                                                          \
		.summary =                                                                         \
			"Put a picture (PNG, JPEG or SVG) in the place of " what " of the shop",   \
		.method = PROMO_PUT,                                                               \
		.path = "/settings/branding/" file,                                                \
		.access = PROMO_ACCESS_PERMISSION,                                                 \
		.required = { { PROMO_P_SYSTEM_SETTINGS_UPDATE } },                                \
		.flags = PROMO_OP_WRITES,                                                          \
		.body = PROMO_BODY_BYTES,                                                          \
		.media_types = { "image/svg+xml", "image/png", "image/jpeg" },                     \
		.body_max_bytes = 1024 * 1024,                                                     \
		.shape = PROMO_SHAPE_NONE,                                                         \
		.status = 204,                                                                     \
	}

GET_ROW(promo_op_branding_logo, "logo", "the logo", "logo");
SET_ROW(promo_op_branding_set_logo, "set-logo", "the logo", "logo");
GET_ROW(promo_op_branding_favicon, "favicon", "the icon", "favicon");
SET_ROW(promo_op_branding_set_favicon, "set-favicon", "the icon", "favicon");
