/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"

/* The text of a file of the source tree, for tests that compare lists; free() it. meson hands the
 * root over as the test's argument. */
static inline char *source_read(const char *root, const char *path)
{
	char name[4096];
	char *text = NULL;
	size_t size = 0;
	FILE *file;

	(void)snprintf(name, sizeof(name), "%s/%s", root, path);
	file = fopen(name, "r");
	if (!file)
		fail_msg("could not open %s", name);
	/* No file holds a NUL: this reads to the end. */
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	(void)fclose(file);
	return text;
}
