/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * A fuzzer is one function over any bytes: it asserts what must hold for all of them. libFuzzer calls it
 * where clang builds it (scripts/test --all); driver.c does over a corpus of files and what it makes of
 * them, everywhere.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
