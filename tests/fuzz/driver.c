/* SPDX-License-Identifier: MIT */
/* usage: fuzz_NAME FILE...
 * Proves that a fuzzer's claims hold for the files of its corpus, for each of their beginnings, and for
 * each of them with a byte changed here and there. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

enum {
	SIZE_MAX_BYTES = 64 * 1024,
	CUTS = 64,
	CHANGES = 64,
};

static uint8_t bytes[SIZE_MAX_BYTES];

static int try_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
	uint32_t chance = 1;

	if (!file) {
		perror(path);
		return 1;
	}
	(void)fclose(file);
	(void)LLVMFuzzerTestOneInput(bytes, size);
	for (size_t i = 0; i < CUTS; i++)
		(void)LLVMFuzzerTestOneInput(bytes, size * i / CUTS);
	for (int i = 0; i < CHANGES && size > 0; i++) {
		size_t at;
		uint8_t before;

		chance = chance * 1664525 + 1013904223;
		at = chance % size;
		before = bytes[at];
		bytes[at] = (uint8_t)(chance >> 24);
		(void)LLVMFuzzerTestOneInput(bytes, size);
		bytes[at] = before;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++)
		failed |= try_file(argv[i]);
	return failed;
}
