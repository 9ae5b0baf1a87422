/* SPDX-License-Identifier: MIT */
#include "libpromo/store/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/log.h"
#include "libpromo/store/embedded_cluster.h"
#include "libpromo/store/embedded_process.h"

#define SERVICE "promo"

enum {
	ARGUMENTS_MAX = 16,
	SERVICE_LIMIT = 64 * 1024,
	URI_LIMIT = 64 * 1024,
	SAID_MAX_BYTES = 300,
	LOOK_MS = 100,
};

struct promo_dump {
	char bin_dir[PATH_MAX];
	int service; /* a file in memory */
};

static void free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

static int unreadable(void)
{
	return promo_fault(-EINVAL, "the URI of the database could not be understood");
}

/* A service of libpq: a heading, then a keyword and its value a line, unquoted. */
static int write_service(const char *uri, int fd)
{
	PROMO_CLEANUP(free_options) PQconninfoOption *options = PQconninfoParse(uri, NULL);
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(SERVICE_LIMIT);
	struct promo_buffer text = PROMO_BUFFER(arena, SERVICE_LIMIT / 4);
	const char *bytes;
	int r;

	if (!arena)
		return promo_fault(-ENOMEM, "could not prepare a backup");
	if (!options)
		return unreadable();
	promo_buffer_text(&text, "[" SERVICE "]\n");
	for (const PQconninfoOption *option = options; option->keyword; option++) {
		if (!option->val || !*option->val)
			continue;
		if (strchr(option->val, '\n'))
			return promo_fault(-EINVAL, "the URI of the database has a line end in it");
		promo_buffer_text(&text, option->keyword);
		promo_buffer_char(&text, '=');
		promo_buffer_text(&text, option->val);
		promo_buffer_char(&text, '\n');
	}
	r = promo_buffer_end(&text, &bytes);
	if (!r && write(fd, bytes, text.size) != (ssize_t)text.size)
		r = promo_fault(-errno, "could not prepare a backup: %s", strerror(errno));
	return r;
}

int promo_dump_new(const char *uri, const char *bin_dir, int major, struct promo_dump **ret)
{
	struct promo_dump *dump = calloc(1, sizeof(*dump));
	int r;

	if (!dump)
		return promo_fault(-ENOMEM, "could not prepare a backup");
	dump->service = memfd_create("promo-service", MFD_CLOEXEC);
	r = dump->service < 0
		    ? promo_fault(-errno, "could not prepare a backup: %s", strerror(errno))
		    : promo_cluster_find_clients(bin_dir, major, dump->bin_dir);
	if (!r)
		r = write_service(uri, dump->service);
	if (r) {
		promo_dump_free(dump);
		return r;
	}
	*ret = dump;
	return 0;
}

void promo_dump_free(struct promo_dump *dump)
{
	if (!dump)
		return;
	if (dump->service >= 0)
		(void)close(dump->service);
	free(dump);
}

static void quote(struct promo_buffer *text, const char *value)
{
	promo_buffer_char(text, '\'');
	for (const char *c = value; *c; c++) {
		if (*c == '\'' || *c == '\\')
			promo_buffer_char(text, '\\');
		promo_buffer_char(text, *c);
	}
	promo_buffer_text(text, "' ");
}

int promo_dump_uri(
	const char *uri, const char *database, struct promo_arena *arena, const char **ret)
{
	PROMO_CLEANUP(free_options) PQconninfoOption *options = PQconninfoParse(uri, NULL);
	struct promo_buffer text = PROMO_BUFFER(arena, URI_LIMIT);

	if (!options)
		return unreadable();
	for (const PQconninfoOption *option = options; option->keyword; option++) {
		const char *value = option->val ? option->val : "";

		if (!*value || strcmp(option->keyword, "dbname") == 0)
			continue;
		promo_buffer_text(&text, option->keyword);
		promo_buffer_char(&text, '=');
		quote(&text, value);
	}
	promo_buffer_text(&text, "dbname=");
	quote(&text, database);
	return promo_buffer_end(&text, ret);
}

/*
 * Children.
 */

static void close_one(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* `pipe_end`: which of the child's descriptors is the pipe; -1: none. */
static int spawn(struct promo_dump *dump, const char *program, const char *const *arguments,
	int pipe_end, struct promo_dump_child *ret)
{
	struct promo_dump_child child = { .program = program, .fd = -1 };
	struct promo_process_io io = { .service = dump->service };
	char path[PATH_MAX + 16];
	char *argv[ARGUMENTS_MAX] = { path };
	int ends[2] = { -1, -1 };
	int none, r;

	(void)snprintf(path, sizeof(path), "%s/%s", dump->bin_dir, program);
	/* execve() leaves them as they are. */
	for (int i = 0; arguments[i] && i < ARGUMENTS_MAX - 2; i++)
		memcpy(&argv[i + 1], &arguments[i], sizeof(argv[0]));
	none = open("/dev/null", O_RDWR | O_CLOEXEC);
	child.errors = memfd_create("promo-said", MFD_CLOEXEC);
	if (none < 0 || child.errors < 0 || (pipe_end >= 0 && pipe2(ends, O_CLOEXEC) != 0)) {
		r = promo_fault(-errno, "could not start %s: %s", program, strerror(errno));
	} else {
		io.input = pipe_end == STDIN_FILENO ? ends[0] : none;
		io.output = pipe_end == STDOUT_FILENO ? ends[1] : none;
		io.errors = child.errors;
		r = promo_process_spawn(argv, &io, PROMO_PROCESS_ENDS_WITH_US, &child.pid);
	}
	child.fd = pipe_end == STDIN_FILENO ? ends[1] : ends[0];
	close_one(&none);
	close_one(pipe_end == STDIN_FILENO ? &ends[0] : &ends[1]);
	if (r) {
		close_one(&child.fd);
		close_one(&child.errors);
		return r;
	}
	*ret = child;
	return 0;
}

int promo_dump_begin(struct promo_dump *dump, const char *snapshot, struct promo_dump_child *ret)
{
	char option[128];
	const char *const arguments[] = { "--format=custom", "--compress=1", "--no-owner", option,
		"--dbname=service=" SERVICE, NULL };

	(void)snprintf(option, sizeof(option), "--snapshot=%s", snapshot);
	return spawn(dump, "pg_dump", arguments, STDOUT_FILENO, ret);
}

int promo_dump_restore(struct promo_dump *dump, const char *database, struct promo_dump_child *ret)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(SERVICE_LIMIT);
	struct promo_buffer text = PROMO_BUFFER(arena, SERVICE_LIMIT / 4);
	const char *option;
	int r;

	if (!arena)
		return promo_fault(-ENOMEM, "could not prepare a restore");
	promo_buffer_text(&text, "--dbname=service=" SERVICE " dbname=");
	quote(&text, database);
	r = promo_buffer_end(&text, &option);
	if (r)
		return r;
	const char *const arguments[] = { "--no-owner", "--exit-on-error", "--single-transaction",
		option, NULL };
	return spawn(dump, "pg_restore", arguments, STDIN_FILENO, ret);
}

/* The first line that it said, without its end. */
static const char *said(int fd, struct promo_arena *arena)
{
	char text[SAID_MAX_BYTES];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return "it did not say why";
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return promo_arena_strdup(arena, text);
}

void promo_dump_kill(struct promo_dump_child *child)
{
	close_one(&child->fd);
	/* Its group, or itself where it has none yet. */
	if (kill(-child->pid, SIGKILL) != 0)
		(void)kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close_one(&child->errors);
}

/* pg_restore may build indexes for long after it has read everything. Where the kernel has no such descriptors
 * it is waited for as long as it takes. */
static bool wait_unless(pid_t pid, const atomic_bool *cut)
{
	int descriptor = cut ? pidfd_open(pid, 0) : -1;
	struct pollfd poller = { .fd = descriptor, .events = POLLIN };
	bool unwanted = false;

	while (descriptor >= 0 && !unwanted && poll(&poller, 1, LOOK_MS) <= 0)
		unwanted = atomic_load(cut);
	close_one(&descriptor);
	return !unwanted;
}

int promo_dump_end(struct promo_dump_child *child, const atomic_bool *cut,
	struct promo_arena *arena, const char **ret_why)
{
	const char *why;
	int status = 0;
	pid_t ended;

	close_one(&child->fd);
	if (!wait_unless(child->pid, cut)) {
		promo_dump_kill(child);
		return -ECANCELED;
	}
	do
		ended = waitpid(child->pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended == child->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		close_one(&child->errors);
		return 0;
	}
	why = said(child->errors, arena);
	close_one(&child->errors);
	if (!why)
		return promo_fault(-ENOMEM, "%s failed", child->program);
	promo_log(PROMO_LOG_ERROR, "%s did not end well (status %d): %s", child->program, status,
		why);
	*ret_why = why;
	return PROMO_E_UNAVAILABLE;
}

static int run(struct promo_dump *dump, const char *program, const char *const *arguments,
	struct promo_arena *arena, const char **ret_why)
{
	struct promo_dump_child child;
	int r;

	r = spawn(dump, program, arguments, /* pipe_end= */ -1, &child);
	return r ? r : promo_dump_end(&child, /* cut= */ NULL, arena, ret_why);
}

int promo_dump_create(struct promo_dump *dump, const char *database, const char *collation,
	const char *ctype, struct promo_arena *arena, const char **ret_why)
{
	char collate[128], type[128];
	const char *const arguments[] = { "--maintenance-db=service=" SERVICE,
		"--template=template0", "--encoding=UTF8", collate, type, database, NULL };

	(void)snprintf(collate, sizeof(collate), "--lc-collate=%s", collation);
	(void)snprintf(type, sizeof(type), "--lc-ctype=%s", ctype);
	return run(dump, "createdb", arguments, arena, ret_why);
}

int promo_dump_drop(struct promo_dump *dump, const char *database, bool force,
	struct promo_arena *arena, const char **ret_why)
{
	const char *const arguments[] = { "--maintenance-db=service=" SERVICE, "--if-exists",
		database, force ? "--force" : NULL, NULL };

	return run(dump, "dropdb", arguments, arena, ret_why);
}
