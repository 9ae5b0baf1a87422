/* SPDX-License-Identifier: MIT */
#include "libpromo/base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

enum {
	FILE_SIZE_MAX = 1024 * 1024,
	LINE_MAX_BYTES = 4096
};

#define BLANKS          " \t\r\n"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct reading {
	const char *path;
	FILE *file;
	promo_ini_entry_fn *entry;
	void *context;
	char *text; /* the line as it stands in the file */
	size_t capacity;
	const char *long_value; /* of a line that inih gets only the beginning of, else NULL */
	int line;
	int result; /* of the first thing that went wrong; nothing is read behind it */
	struct promo_arena *arena;
	struct promo_problem *problem;
};

static void refuse(struct reading *reading, const char *why)
{
	reading->result = promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
		"%s:%d: %s", reading->path, reading->line, why);
}

/* A ; behind a blank would silently cut the value off. */
static bool has_comment_behind_value(const char *line)
{
	if (*line == ';' || *line == '#')
		return false;
	for (; *line; line++)
		if (*line == ';' && strchr(BLANKS, line[-1]))
			return true;
	return false;
}

/* The next line of the file without its end and the blanks around it; NULL at the end of the file
 * and where something is wrong. */
static char *next_line(struct reading *reading)
{
	ssize_t got = getline(&reading->text, &reading->capacity, reading->file);
	size_t length = (size_t)got;
	char *text = reading->text;

	if (got < 0) {
		if (!feof(reading->file))
			reading->result = promo_fault(-EIO, "could not read %s", reading->path);
		return NULL;
	}
	reading->line++;
	if (!promo_utf8_valid(text, length)) {
		refuse(reading, "the line is not UTF-8 text");
		return NULL;
	}
	if (reading->line == 1 && strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		text += strlen(BYTE_ORDER_MARK);
	text += strspn(text, BLANKS);
	length = strlen(text);
	while (length > 0 && strchr(BLANKS, text[length - 1]))
		text[--length] = '\0';
	if (length > LINE_MAX_BYTES) {
		refuse(reading, "the line is too long");
		return NULL;
	}
	return text;
}

/* Hands a line to inih: without the blanks in front, which would make it go on with the last value,
 * and not longer than it takes (packages have it built for 200 bytes); then take_entry() has the
 * rest of the value. Counts lines, too, since inih tells their numbers only if it was built to. */
static char *read_line(char *line, int size, void *stream)
{
	struct reading *reading = stream;
	size_t length, room = (size_t)size - 1;
	char *text = reading->result ? NULL : next_line(reading);

	if (!text)
		return NULL;
	if (has_comment_behind_value(text)) {
		refuse(reading, "a comment has to stand in a line of its own");
		return NULL;
	}
	length = strlen(text);
	reading->long_value = NULL;
	if (length > room) {
		char *separator = strpbrk(text, "=:");
		bool is_comment = *text == '#' || *text == ';';

		if (!is_comment && (!separator || separator >= text + room)) {
			refuse(reading, "neither a [section] nor name = value");
			return NULL;
		}
		if (!is_comment)
			reading->long_value = separator + 1 + strspn(separator + 1, BLANKS);
		length = room;
	}
	memcpy(line, text, length);
	line[length] = '\0';
	return line;
}

static int take_entry(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	struct promo_ini_entry entry = {
		.file = reading->path,
		.section = section,
		.name = name,
		.value = reading->long_value ? reading->long_value : value,
		.line = reading->line,
	};

	if (!reading->result)
		reading->result = reading->entry(reading->context, &entry);
	return reading->result == 0;
}

static void file_closep(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

/* Opens without waiting for the other end of a pipe, and only what is a file of a sane size. */
static int open_regular(struct reading *reading, FILE **ret)
{
	struct stat status;
	int fd = open(reading->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return promo_refuse(reading->problem, reading->arena,
			errno == ENOENT ? PROMO_E_NOT_FOUND : PROMO_E_INVALID_INPUT,
			"could not open %s: %s", reading->path, strerror(errno));
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > FILE_SIZE_MAX) {
		(void)close(fd);
		return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
			"%s is not a regular file of at most 1 MiB", reading->path);
	}
	*ret = fdopen(fd, "r");
	if (!*ret) {
		(void)close(fd);
		return promo_fault(-ENOMEM, "could not read %s", reading->path);
	}
	return 0;
}

int promo_ini_read(const char *path, promo_ini_entry_fn *entry, void *context,
	struct promo_arena *arena, struct promo_problem *problem)
{
	struct reading reading = {
		.path = path,
		.entry = entry,
		.context = context,
		.arena = arena,
		.problem = problem,
	};
	PROMO_CLEANUP(file_closep) FILE *file = NULL;
	int r;

	r = open_regular(&reading, &file);
	if (r)
		return r;
	reading.file = file;
	r = ini_parse_stream(read_line, &reading, take_entry, &reading);
	free(reading.text);
	if (reading.result)
		return reading.result;
	if (r > 0) {
		reading.line = r;
		refuse(&reading, "neither a [section] nor name = value");
		return reading.result;
	}
	if (r < 0)
		return promo_fault(-ENOMEM, "could not read %s", path);
	return 0;
}
