/* SPDX-License-Identifier: MIT */
#pragma once

/* What cmocka.h needs in front of it, and cmocka.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
