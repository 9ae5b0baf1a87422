/* SPDX-License-Identifier: MIT */
#include "promo-cli/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/time.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/interrupt.h"
#include "promo-cli/partial.h"
#include "promo-cli/wait.h"

/* Where the bytes go. What is named by an ETag and breaks off is gone on with: at once, as long as
 * anything comes, and by the next run. */
struct sink {
	struct cli *cli;
	int fd;           /* -1: standard output */
	char *temporary;  /* the name it has until it is complete; NULL: written in place */
	const char *path; /* NULL until the server has named it */
	bool force;
	int64_t bytes, lines;
	int error; /* errno of a write */
	struct promo_sha256 sha256;
	const char *etag; /* of what came so far; NULL: it cannot be gone on with */
	bool part;        /* it was begun in another run */
	int64_t total;    /* rows that are expected; 0: nobody knows */
	int64_t began_ms, shown_ms;
	struct cli_saved saved;
};

enum {
	SHOW_MS = 200,
	SHOW_BYTES_MAX = 64 * 1024,
	READ_BYTES = 64 * 1024,
};

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR && !cli_interrupted())
			continue;
		if (written < 0)
			return errno;
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

/* How far it is: rows where their number is known, else bytes. */
static void show(struct sink *sink)
{
	const struct cli_out *out = &sink->cli->out;
	int64_t now_ms = promo_monotonic_ms(), spent_ms = now_ms - sink->began_ms;
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = NULL;
	struct promo_job job = {
		.kind = PROMO_JOB_EXPORT, .status = PROMO_JOB_RUNNING, .eta_seconds = PROMO_NULL_INT
	};

	if (!out->talk_terminal || sink->fd < 0 || now_ms < sink->shown_ms + SHOW_MS)
		return;
	sink->shown_ms = now_ms;
	arena = promo_arena_new(SHOW_BYTES_MAX);
	if (!arena || spent_ms <= 0)
		return;
	if (sink->total == 0) {
		(void)fprintf(out->talk, "\r%s kB, %s kB/s\033[K",
			cli_number(arena, sink->bytes / 1000),
			cli_number(arena, sink->bytes / spent_ms));
		return;
	}
	job.total = sink->total;
	job.done = sink->lines - 1 < sink->total ? sink->lines - 1 : sink->total;
	job.rate = job.done * 1000 / spent_ms;
	if (job.rate > 0)
		job.eta_seconds = (job.total - job.done) / job.rate;
	(void)fprintf(out->talk, "\r%s\033[K", cli_progress(out, &job, arena));
}

static void hide(const struct sink *sink)
{
	if (sink->shown_ms > 0)
		(void)fprintf(sink->cli->out.talk, "\r\033[K");
}

static void count(struct sink *sink, const char *bytes, size_t size)
{
	promo_sha256_add(&sink->sha256, bytes, size);
	for (const char *at = bytes, *end = at + size; at < end; at++)
		sink->lines += *at == '\n';
	sink->bytes += (int64_t)size;
}

static int take(void *context, const void *bytes, size_t size)
{
	struct sink *sink = context;

	if (cli_interrupted())
		sink->error = EINTR;
	else if (sink->fd >= 0)
		sink->error = write_all(sink->fd, bytes, size);
	else if (fwrite(bytes, 1, size, sink->cli->out.data) != size)
		sink->error = errno;
	if (sink->error)
		return PROMO_E_INTERNAL;
	count(sink, bytes, size);
	show(sink);
	return 0;
}

/* What came is of another file than the server has now. */
static int restart(void *context)
{
	struct sink *sink = context;

	if (lseek(sink->fd, 0, SEEK_SET) < 0 || ftruncate(sink->fd, 0))
		sink->error = errno;
	sink->bytes = sink->lines = 0;
	sink->part = false;
	promo_sha256_start(&sink->sha256);
	return sink->error ? PROMO_E_INTERNAL : 0;
}

static int could_not(struct cli *cli, const char *path, int error)
{
	cli_complain(
		&cli->out, "could not write %s: %s", cli_clean(cli->arena, path), strerror(error));
	return CLI_FAILED;
}

static int exists(struct cli *cli, const char *path)
{
	cli_complain(&cli->out, "%s exists; --force replaces it", cli_clean(cli->arena, path));
	return CLI_FAILED;
}

/* A table of thousands of codes would scroll past; a description is there to be read. */
static bool is_file(const struct promo_op *op)
{
	return strcmp(op->media_type, "application/json") != 0;
}

/* Begins with what an earlier run left behind; false: with nothing. */
static bool take_partial(struct sink *sink, const char *output)
{
	struct cli_partial partial;
	char bytes[READ_BYTES];
	ssize_t size;

	if (!cli_partial_find(sink->cli->arena, output, &partial))
		return false;
	sink->fd = partial.fd;
	sink->temporary = partial.path;
	sink->etag = promo_arena_strdup(sink->cli->arena, partial.etag);
	while ((size = read(sink->fd, bytes, sizeof(bytes))) > 0)
		count(sink, bytes, (size_t)size);
	sink->part = size == 0 && sink->etag;
	if (!sink->part)
		(void)restart(sink);
	return true;
}

static int open_sink(struct sink *sink, const struct promo_op *op, const char *output)
{
	struct cli *cli = sink->cli;
	struct stat stat;

	sink->fd = -1;
	if (output ? strcmp(output, "-") == 0 : !cli->out.data_terminal || !is_file(op))
		return CLI_DONE;
	sink->path = output;
	if (output && lstat(output, &stat) == 0) {
		if (!sink->force)
			return exists(cli, output);
		if (!S_ISREG(stat.st_mode)) {
			/* A device or a pipe is written to, never replaced. */
			sink->fd = open(output, O_WRONLY | O_CLOEXEC);
			return sink->fd < 0 ? could_not(cli, output, errno) : CLI_DONE;
		}
	}
	if (output && take_partial(sink, output))
		return CLI_DONE;
	sink->temporary =
		promo_arena_printf(cli->arena, "%s.XXXXXX", output ? output : "promo-download");
	sink->fd = sink->temporary ? mkostemp(sink->temporary, O_CLOEXEC) : -1;
	return sink->fd < 0 ? could_not(cli, output ? output : ".", errno) : CLI_DONE;
}

/* The server's name for the file, with nothing in it that could lead elsewhere. */
static const char *safe_name(struct promo_arena *arena, const char *filename)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";
	char *name = promo_arena_strdup(arena, filename && *filename ? filename : "download");

	for (char *at = name; at && *at; at++)
		if (!strchr(safe, *at) || (at == name && *at == '.'))
			*at = '_';
	return name;
}

static void sync_folder(const char *path, struct promo_arena *arena)
{
	const char *slash = strrchr(path, '/');
	const char *folder =
		slash ? promo_arena_strndup(arena, path, (size_t)(slash - path) + 1) : ".";
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
}

static int rename_sink(struct sink *sink)
{
	unsigned flags = sink->force ? 0 : RENAME_NOREPLACE;
	int r = renameat2(AT_FDCWD, sink->temporary, AT_FDCWD, sink->path, flags);

	/* File systems that cannot promise it: look, then rename. */
	if (r && errno == EINVAL && flags)
		r = access(sink->path, F_OK) == 0 ? (errno = EEXIST, -1)
						  : rename(sink->temporary, sink->path);
	if (r)
		return errno == EEXIST ? exists(sink->cli, sink->path)
				       : could_not(sink->cli, sink->path, errno);
	sink->temporary = NULL;
	sync_folder(sink->path, sink->cli->arena);
	return CLI_DONE;
}

static int finish_sink(struct sink *sink, const char *filename)
{
	if (sink->fd < 0)
		return cli_flush(&sink->cli->out) ? CLI_DONE
						  : could_not(sink->cli, "the output", errno);
	if (!sink->path)
		sink->path = safe_name(sink->cli->arena, filename);
	if (!sink->temporary)
		return CLI_DONE;
	if (fsync(sink->fd))
		return could_not(sink->cli, sink->path, errno);
	return rename_sink(sink);
}

/* What came stays, for the next run, where that can ask for the rest. */
static bool keep_partial(struct sink *sink)
{
	char *name = sink->path && sink->temporary && sink->bytes > 0
			     ? cli_partial_name(sink->cli->arena, sink->path, sink->etag)
			     : NULL;

	if (!name || rename(sink->temporary, name))
		return false;
	sink->temporary = NULL;
	cli_say(&sink->cli->out, "what came so far is kept as %s; the same command goes on with it",
		cli_clean(sink->cli->arena, name));
	return true;
}

static void close_sink(struct sink *sink)
{
	if (sink->fd >= 0)
		(void)close(sink->fd);
	if (sink->temporary)
		(void)unlink(sink->temporary);
}

/* Whether the file is the one that the server made; true where it said nothing of it. */
static bool is_as_said(struct sink *sink, const struct promo_download *download)
{
	struct promo_sha256 sha256 = sink->sha256;
	char hex[PROMO_SHA256_HEX_SIZE];

	promo_sha256_end(&sha256, hex);
	memcpy(sink->saved.sha256, hex, sizeof(hex));
	if (download->rows)
		sink->saved.rows = strtoll(download->rows, NULL, 10);
	if (sink->part && !cli_partial_is_of(sink->etag, hex))
		return false;
	return !download->sha256 || strcmp(download->sha256, hex) == 0;
}

static bool may_go_on(struct sink *sink, int r, int64_t before)
{
	/* It has all and was not ended, or more than there is: from the beginning. */
	if (r == PROMO_E_RANGE_NOT_SATISFIABLE)
		return restart(sink) == 0;
	return r == PROMO_E_UNAVAILABLE && sink->bytes > before && !cli_interrupted() &&
	       sink->temporary && cli_partial_name(sink->cli->arena, "", sink->etag);
}

/* Until it is whole, or nothing comes any more. */
static int fetch(struct sink *sink, const struct promo_op *op, const void *in,
	struct promo_reply *reply, struct promo_download *ret)
{
	struct promo_client *client = sink->cli->client;
	int64_t before;
	int r;

	do {
		const struct promo_resume resume = { sink->etag, sink->bytes, restart };

		before = sink->bytes;
		sink->part = before > 0;
		r = promo_client_resume(client, op, in, sink->part ? &resume : NULL, take, sink,
			sink->cli->arena, reply, ret);
		if (reply->etag && reply->http_status < 300)
			sink->etag = reply->etag;
	} while (r && !sink->error && may_go_on(sink, r, before));
	return r;
}

static int download(
	struct sink *sink, const struct cli_args *args, const struct promo_op *op, void *in)
{
	struct cli *cli = sink->cli;
	struct promo_download download = { 0 };
	struct promo_reply reply = { 0 };
	bool kept;
	int r;

	if (op->in && promo_schema_field(op->in, "manifest"))
		cli_put_true(op->in, in, "manifest");
	sink->began_ms = promo_monotonic_ms();
	r = fetch(sink, op, in, &reply, &download);
	hide(sink);
	kept = r && r != PROMO_E_NOT_FOUND && keep_partial(sink);
	if (cli_interrupted()) {
		cli_complain(&cli->out, kept ? "interrupted" : "interrupted; nothing was kept");
		return CLI_INTERRUPTED;
	}
	if (sink->error)
		return could_not(cli, sink->path ? sink->path : "the output", sink->error);
	if (r)
		return cli_fail(cli, args, op, r, &reply);
	if (!is_as_said(sink, &download)) {
		cli_complain(&cli->out, "what came is not what the server sent; nothing was kept, "
					"try again");
		return CLI_UNREACHABLE;
	}
	return finish_sink(sink, download.filename);
}

int cli_save(struct cli *cli, const struct cli_args *args, const struct cli_download *what,
	struct cli_saved *ret)
{
	struct sink sink = { .cli = cli, .force = args->own[CLI_OPT_FORCE], .total = what->rows };
	int code;

	promo_sha256_start(&sink.sha256);
	code = open_sink(&sink, what->op, args->own[CLI_OPT_OUTPUT]);
	sink.saved.rows = PROMO_NULL_INT;
	if (code)
		return code;
	cli_interrupt_watch();
	code = download(&sink, args, what->op, what->in);
	cli_interrupt_unwatch();
	sink.saved.path = sink.path;
	sink.saved.bytes = sink.bytes;
	if (!code && ret)
		*ret = sink.saved;
	close_sink(&sink);
	return code;
}
