/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>

#include "libpromo/ops/print/logo.h"

/* Pixels as cairo draws them. Not installed. */

/* The caller destroys it. A fault without memory. */
int promo_picture_surface(const struct promo_picture *picture, cairo_surface_t **ret) PROMO_CHECK;
