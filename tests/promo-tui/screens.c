/* SPDX-License-Identifier: MIT */
/*
 * Proven here: screens look as their pictures say. A script of keys and canned answers runs on the
 * app, without a terminal, and what it shows and sends is compared byte by byte with the file beside
 * it.
 *
 * usage: screens NAME.keys NAME.screen [--write]
 *
 * A script is read line by line; a line that begins with a tab goes on with the one before. First come
 *   sizes 60x16 80x24 ...             the script runs in each of them, from the beginning
 *   ascii | idle MINUTES              as the options say
 *   profile NAME SERVER USER TOKEN    "-" for what is not there
 * and then, in their order,
 *   key NAME | type TEXT | paste TEXT | scan CODE | click X Y
 *   wait MS                           time goes by
 *   answer OPERATION STATUS[/RETRY-AFTER] [JSON]
 *                                     to the oldest call of it; status 0: none came
 *   resize [COLUMNSxROWS]             without: as at the beginning
 *   show [LABEL] | styles [LABEL]     the picture, without or with the styles
 *   include FILE                      beside the script
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/promo-tui/script.h"

enum {
	SIZES_MAX = 8,
	BYTES_MAX = 64 * 1024 * 1024
};

static char *read_all(const char *path, struct promo_arena *arena)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	long size;

	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
		fseek(file, 0, SEEK_SET) == 0) {
		text = promo_arena_alloc(arena, (size_t)size + 1);
		if (text && fread(text, 1, (size_t)size, file) != (size_t)size)
			text = NULL;
	}
	(void)fclose(file);
	return text;
}

static int write_all(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	bool written = file && fputs(text, file) >= 0;

	return file && fclose(file) == 0 && written ? 0 : 1;
}

/* The first line that differs, with what was there and what came. */
static int compare(const char *path, const char *expected, const char *actual)
{
	int line = 1;

	if (strcmp(expected, actual) == 0)
		return 0;
	while (*expected && *actual) {
		size_t want = strcspn(expected, "\n"), have = strcspn(actual, "\n");

		if (want != have || memcmp(expected, actual, want) != 0)
			break;
		expected += want + (expected[want] == '\n');
		actual += have + (actual[have] == '\n');
		line++;
	}
	(void)printf("%s:%d: the picture is another one\n expected: %.*s\n      got: %.*s\n"
		     "look at what changed; screens KEYS SCREEN --write takes the new ones\n",
		path, line, (int)strcspn(expected, "\n"), expected, (int)strcspn(actual, "\n"),
		actual);
	return 1;
}

/* "sizes 60x16 80x24" of the script's first lines. */
static size_t read_sizes(const char *script, int sizes[SIZES_MAX][2])
{
	const char *at = strstr(script, "sizes ");
	size_t count = 0;
	int used = 0;

	at = at ? at + strlen("sizes") : NULL;
	while (at && count < SIZES_MAX &&
		sscanf(at, " %dx%d%n", &sizes[count][0], &sizes[count][1], &used) == 2) {
		at += used;
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct promo_arena *arena = promo_arena_new(BYTES_MAX);
	int sizes[SIZES_MAX][2];
	char *script = arena && argc >= 3 ? read_all(argv[1], arena) : NULL;
	const char *actual = "", *expected;
	size_t count = script ? read_sizes(script, sizes) : 0;
	int r;

	if (!count) {
		(void)fprintf(stderr, "usage: screens NAME.keys NAME.screen [--write]\n");
		return 2;
	}
	for (size_t i = 0; i < count; i++) {
		const char *part = script_run(argv[1], script, sizes[i], arena);

		if (!part)
			return 1;
		actual = promo_arena_printf(arena, "%s%s", actual, part);
	}
	if (!actual)
		return 1;
	if (argc > 3 && strcmp(argv[3], "--write") == 0) {
		r = write_all(argv[2], actual);
	} else {
		expected = read_all(argv[2], arena);
		r = compare(argv[2], expected ? expected : "", actual);
	}
	promo_arena_free(arena);
	return r;
}
