/* SPDX-License-Identifier: MIT */
#include "libpromo/base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

enum {
	FILE_SIZE_MAX = 1024 * 1024
};

struct reading {
	const char *path;
	FILE *file;
	promo_ini_entry_fn *entry;
	void *context;
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

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A ; behind a blank would silently cut the value off. */
static bool has_comment_behind_value(const char *line)
{
	if (*line == ';' || *line == '#')
		return false;
	for (; *line; line++)
		if (*line == ';' && is_blank(line[-1]))
			return true;
	return false;
}

/* Hands a line to inih, without the blanks in front, which would make it go on with the last
 * value. Counts the lines too, since inih tells numbers only if it was built to. */
static char *read_line(char *line, int size, void *stream)
{
	struct reading *reading = stream;
	size_t blanks = 0, length;
	long begin;

	if (reading->result)
		return NULL;
	begin = ftell(reading->file);
	if (!fgets(line, size, reading->file)) {
		if (ferror(reading->file))
			reading->result = promo_fault(-EIO, "could not read %s", reading->path);
		return NULL;
	}
	reading->line++;
	length = strlen(line);
	/* fgets() reads over a NUL, which the length then gives away. */
	if (ftell(reading->file) - begin != (long)length || !promo_utf8_valid(line, length)) {
		refuse(reading, "the line is not UTF-8 text");
		return NULL;
	}
	if (length > 0 && line[length - 1] != '\n' && length == (size_t)size - 1) {
		refuse(reading, "the line is too long");
		return NULL;
	}
	while (is_blank(line[blanks]))
		blanks++;
	memmove(line, line + blanks, length - blanks + 1);
	if (has_comment_behind_value(line)) {
		refuse(reading, "a comment has to stand in a line of its own");
		return NULL;
	}
	return line;
}

static int take_entry(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	struct promo_ini_entry entry = {
		.file = reading->path,
		.section = section,
		.name = name,
		.value = value,
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
	int r, line;

	r = open_regular(&reading, &file);
	if (r)
		return r;
	reading.file = file;
	line = ini_parse_stream(read_line, &reading, take_entry, &reading);
	if (reading.result)
		return reading.result;
	if (line > 0) {
		reading.line = line;
		refuse(&reading, "neither a [section] nor name = value");
		return reading.result;
	}
	if (line < 0)
		return promo_fault(-ENOMEM, "could not read %s", path);
	return 0;
}
