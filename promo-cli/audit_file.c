/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/audit_line.h"
#include "libpromo/rules/seal_check.h"
#include "promo-cli/audit.h"
#include "promo-cli/fail.h"
#include "promo-cli/open.h"

enum {
	KEYS_MAX = 16,
	PROBLEMS_MAX = 1000,
	LINE_LIMIT = 64 * 1024 * 1024,
	LINE_MAX_BYTES = 16 * 1024 * 1024, /* the largest seal takes 4 MB */
	LINE_ROOM = 64 * 1024,
};

/* A file that is read line by line. */
struct lines {
	const char *path;
	int fd;
	FILE *file;
	char *line;
	size_t room;
	int64_t number;
	bool is_whole;             /* the line has its end */
	struct promo_arena *arena; /* of the line */
};

struct checking {
	struct cli *cli;
	struct promo_seal_check check;
	unsigned char keys[KEYS_MAX][PROMO_SIGN_PUBLIC_BYTES];
	struct promo_audit_problem problems[PROBLEMS_MAX];
	size_t problem_count;
	struct lines trail, log;
	const struct promo_audit_seal *logged; /* the next one of the log */
	int64_t logged_id;
	struct promo_arena *seal_arena; /* of the open seal */
};

static void note(void *context, enum promo_audit_problem_kind kind, int64_t writer_id, int64_t seq)
{
	struct checking *checking = context;

	if (checking->problem_count < PROBLEMS_MAX)
		checking->problems[checking->problem_count++] = (struct promo_audit_problem){
			.kind = (int)kind, .writer_id = writer_id, .seq = seq
		};
}

static int open_lines(struct cli *cli, const char *path, struct lines *lines)
{
	int code = cli_open(cli, path, &lines->fd);

	if (code)
		return code;
	lines->path = path;
	lines->arena = promo_arena_new(LINE_LIMIT);
	lines->file = fdopen(dup(lines->fd), "re");
	if (lines->file && lines->arena)
		return CLI_DONE;
	cli_complain(
		&cli->out, "could not read %s: %s", cli_clean(cli->arena, path), strerror(errno));
	return CLI_FAILED;
}

static void close_lines(struct lines *lines)
{
	if (lines->file)
		(void)fclose(lines->file);
	cli_close(lines->fd);
	free(lines->line);
	promo_arena_free(lines->arena);
}

/* Room for one more byte and the end; false where a line is longer than any that was written. */
static bool make_room(struct lines *lines, size_t size)
{
	size_t room = lines->room ? lines->room * 2 : LINE_ROOM;
	char *line;

	if (size + 2 <= lines->room)
		return true;
	if (room > LINE_MAX_BYTES)
		return false;
	line = realloc(lines->line, room);
	if (!line)
		return false;
	lines->line = line;
	lines->room = room;
	return true;
}

/* The next line; false at the end. What is too long, or holds a NUL, is read as an empty one, which is
 * no line of a trail. */
static bool next_line(struct lines *lines)
{
	bool is_line = true;
	size_t size = 0;
	int byte;

	while ((byte = getc_unlocked(lines->file)) != EOF && byte != '\n') {
		is_line &= byte != '\0' && make_room(lines, size);
		if (is_line)
			lines->line[size] = (char)byte;
		size++;
	}
	if (byte == EOF && size == 0)
		return false;
	if (!make_room(lines, 0))
		return false;
	lines->line[is_line ? size : 0] = '\0';
	lines->is_whole = byte == '\n';
	lines->number++;
	promo_arena_clear(lines->arena);
	return true;
}

static int read_keys(struct checking *checking, const char *path)
{
	struct cli *cli = checking->cli;
	struct lines lines = { .fd = -1 };
	size_t count = 0;
	int code = open_lines(cli, path, &lines);

	while (!code && next_line(&lines)) {
		if (!*lines.line)
			continue;
		if (count < KEYS_MAX && promo_hex_decode(lines.line, checking->keys[count],
						PROMO_SIGN_PUBLIC_BYTES) == 0) {
			count++;
			continue;
		}
		cli_complain(&cli->out, "%s:%lld is no public key, which has 64 hex digits",
			cli_clean(cli->arena, path), (long long)lines.number);
		code = CLI_USAGE;
	}
	close_lines(&lines);
	if (!code && count == 0) {
		cli_complain(&cli->out, "%s holds no public key", cli_clean(cli->arena, path));
		code = CLI_USAGE;
	}
	checking->check.key_count = count;
	return code;
}

/* The next seal of the log; NULL at its end. */
static int read_log(struct checking *checking)
{
	struct promo_audit_line line;
	int r;

	checking->logged = NULL;
	/* A line without an end is one that was just being written when the copy was made. */
	while (checking->log.file && next_line(&checking->log) && checking->log.is_whole) {
		r = promo_audit_line_read(checking->log.line, checking->log.arena, &line);
		if (r < 0)
			return r;
		if (!r && line.seal && line.seal->id > checking->logged_id) {
			checking->logged = line.seal;
			checking->logged_id = line.seal->id;
			return 0;
		}
		note(checking, PROMO_AUDIT_LOG_CHANGED, PROMO_NULL_INT, checking->logged_id + 1);
	}
	return 0;
}

static int take_seal(struct checking *checking, const struct promo_audit_seal *seal,
	const struct promo_audit_seal *logged)
{
	struct promo_seal_use *use;
	int r;

	if (checking->check.use)
		promo_seal_check_close(&checking->check);
	promo_arena_clear(checking->seal_arena);
	r = promo_seal_check_take(&checking->check, seal, logged, checking->logged != NULL,
		checking->seal_arena, &use);
	if (r)
		return r;
	/* The line is gone when its rows have come. */
	if (use && use->leaves) {
		use->leaves = promo_arena_strdup(checking->seal_arena, use->leaves);
		if (!use->leaves)
			return promo_fault(-ENOMEM, "could not read a seal");
	}
	if (use)
		promo_seal_check_open(&checking->check, use);
	return logged ? read_log(checking) : 0;
}

static int take_logged(struct checking *checking, int64_t before)
{
	int r = 0;

	while (!r && checking->logged && checking->logged->id < before)
		r = take_seal(checking, NULL, checking->logged);
	return r;
}

static int take_line(struct checking *checking)
{
	const struct promo_audit_seal *logged = NULL;
	const char *columns[PROMO_SEAL_COLUMNS];
	unsigned char leaf[PROMO_SEAL_HASH_BYTES];
	struct lines *trail = &checking->trail;
	struct promo_audit_line line;
	int r;

	r = promo_audit_line_read(trail->line, trail->arena, &line);
	if (r)
		return r;
	if (line.last) {
		promo_seal_check_last(&checking->check, line.last);
		return 0;
	}
	if (!line.seal) {
		r = promo_audit_line_columns(trail->line, &line, trail->arena, columns);
		if (r)
			return r;
		promo_seal_leaf(columns, leaf);
		promo_seal_check_row(&checking->check, line.writer_id, line.seq, leaf);
		return 0;
	}
	r = take_logged(checking, line.seal->id);
	if (checking->logged && checking->logged->id == line.seal->id)
		logged = checking->logged;
	return r ? r : take_seal(checking, line.seal, logged);
}

/* What was not read to its end, or proves nothing, is not said to be whole. */
static int check_ends(struct checking *checking)
{
	const struct lines *lines[] = { &checking->trail, &checking->log };
	struct cli *cli = checking->cli;

	for (size_t i = 0; i < PROMO_COUNT(lines); i++)
		if (lines[i]->file && (ferror(lines[i]->file) || !feof(lines[i]->file))) {
			cli_complain(&cli->out, "could not read all of %s",
				cli_clean(cli->arena, lines[i]->path));
			return CLI_FAILED;
		}
	if (!checking->check.begun) {
		cli_complain(&cli->out, "%s holds no seal, so nothing in it can be checked",
			cli_clean(cli->arena, checking->trail.path));
		return CLI_FAILED;
	}
	return CLI_DONE;
}

static int check_lines(struct checking *checking, const struct cli_args *args)
{
	struct promo_problem problem = { 0 };
	struct cli *cli = checking->cli;
	int r;

	r = promo_seal_check_start(&checking->check);
	if (!r)
		r = read_log(checking);
	while (!r && next_line(&checking->trail))
		r = take_line(checking);
	if (r == PROMO_E_INVALID_INPUT) {
		cli_complain(&cli->out, "%s:%lld is no line of promo audit export --seals",
			cli_clean(cli->arena, checking->trail.path),
			(long long)checking->trail.number);
		return CLI_FAILED;
	}
	if (!r)
		r = take_logged(checking, INT64_MAX);
	if (!r && checking->check.use)
		promo_seal_check_close(&checking->check);
	return r ? cli_fail_here(cli, args, r, &problem) : check_ends(checking);
}

static int tell(struct checking *checking, const struct cli_args *args,
	struct promo_audit_verification *ret, const char **ret_json)
{
	struct promo_problem problem = { 0 };
	struct cli *cli = checking->cli;
	int r;

	ret->ok = checking->problem_count == 0;
	ret->sealed_until = checking->check.sealed_until;
	ret->dropped_until = checking->check.dropped_until;
	ret->entries = checking->check.entries;
	ret->problems = (struct promo_objects){ checking->problems, checking->problem_count };
	r = promo_encode(&promo_audit_verification_schema, ret, cli->arena, ret_json);
	return r ? cli_fail_here(cli, args, r, &problem) : CLI_DONE;
}

int cli_audit_verify_file(struct cli *cli, const struct cli_args *args,
	struct promo_audit_verification *ret, const char **ret_json)
{
	struct checking *checking = promo_arena_alloc(cli->arena, sizeof(*checking));
	int code = CLI_FAILED;

	if (!args->own[CLI_OPT_PUBLIC_KEY]) {
		cli_complain(&cli->out,
			"--public-key is missing: the file with the key to trust, in "
			"hex; promod says it when it starts");
		return CLI_USAGE;
	}
	if (!checking)
		return CLI_FAILED;
	checking->cli = cli;
	checking->trail.fd = -1;
	checking->log.fd = -1;
	checking->seal_arena = promo_arena_new(LINE_LIMIT);
	checking->check.arena = cli->arena;
	checking->check.keys = (const unsigned char(*)[PROMO_SIGN_PUBLIC_BYTES])checking->keys;
	checking->check.found = note;
	checking->check.context = checking;
	if (checking->seal_arena)
		code = read_keys(checking, args->own[CLI_OPT_PUBLIC_KEY]);
	if (!code)
		code = open_lines(cli, args->own[CLI_OPT_FILE], &checking->trail);
	if (!code && args->own[CLI_OPT_SEALS_LOG])
		code = open_lines(cli, args->own[CLI_OPT_SEALS_LOG], &checking->log);
	if (!code)
		code = check_lines(checking, args);
	if (!code)
		code = tell(checking, args, ret, ret_json);
	close_lines(&checking->trail);
	close_lines(&checking->log);
	promo_arena_free(checking->seal_arena);
	return code;
}
