/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"

/* The program that decodes pictures (libpromo/ops/print/logo.h): beside promod where it was built, else
 * where it was installed. NULL where it is neither, or without memory: pictures are not taken then. */
const char *promod_image_decoder(struct promo_arena *arena);
