/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/print/logo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/print/image/image.h"

enum {
	DEADLINE_MS = 10000, /* for what does not use its processor time up */
};

struct child {
	pid_t pid;
	int output;
};

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

/* A file without a name that holds the bytes, to be read from its beginning. */
static int input_of(const void *bytes, size_t size, int *ret)
{
	PROMO_CLEANUP(close_fd) int fd = memfd_create("promo-image", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		return promo_fault(
			-EIO, "could not hand a picture to its decoder: %s", strerror(errno));
	*ret = fd;
	fd = -1;
	return 0;
}

/* With nothing of ours: no descriptor but the two, no environment, signals as they are by default. */
static int spawn(const char *program, const char *kind, int input, int output, pid_t *ret)
{
	char *argv[3] = { NULL };
	char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int error;

	argv[0] = strdup(program);
	argv[1] = strdup(kind);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	(void)posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	(void)posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	(void)posix_spawnattr_init(&attributes);
	(void)sigemptyset(&signals);
	(void)posix_spawnattr_setsigmask(&attributes, &signals);
	(void)sigfillset(&signals);
	(void)posix_spawnattr_setsigdefault(&attributes, &signals);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = argv[0] && argv[1]
			? posix_spawn(ret, program, &actions, &attributes, argv, environment)
			: ENOMEM;
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	free(argv[0]);
	free(argv[1]);
	return error ? promo_fault(-error, "could not start %s: %s", program, strerror(error)) : 0;
}

static int start(
	const char *program, const char *kind, const void *bytes, size_t size, struct child *ret)
{
	PROMO_CLEANUP(close_fd) int input = -1;
	int ends[2], r;

	r = input_of(bytes, size, &input);
	if (r)
		return r;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return promo_fault(-errno, "could not start a decoder: %s", strerror(errno));
	r = spawn(program, kind, input, ends[1], &ret->pid);
	(void)close(ends[1]);
	if (r) {
		(void)close(ends[0]);
		return r;
	}
	ret->output = ends[0];
	return 0;
}

/* Reads what it writes until it ends, is late, or writes more than it may; how much that was. */
static size_t read_output(const struct child *child, uint8_t *to, size_t max)
{
	int64_t deadline = promo_monotonic_ms() + DEADLINE_MS;
	size_t size = 0;

	while (size < max) {
		struct pollfd wait = { .fd = child->output, .events = POLLIN };
		int64_t left = deadline - promo_monotonic_ms();
		ssize_t n;

		if (left <= 0)
			break;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		n = read(child->output, to + size, max - size);
		if (n <= 0)
			break;
		size += (size_t)n;
	}
	return size;
}

/* How it ended; whoever is still at it is ended. */
static int end_of(const struct child *child)
{
	siginfo_t info = { 0 };
	int status;

	(void)close(child->output);
	/* It has written its last, or will never: a moment for the way out, and no more. */
	for (int i = 0; i < 100 && info.si_pid == 0; i++) {
		if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
			break;
		if (info.si_pid == 0)
			(void)poll(NULL, 0, 10);
	}
	if (info.si_pid == 0)
		(void)kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0) {
		if (errno != EINTR)
			return IMAGE_FAILED;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static const char *why(int end)
{
	switch (end) {
	case IMAGE_OTHER:
		return "this is not a picture of the kind that it is said to be";
	case IMAGE_DAMAGED:
		return "the picture is damaged";
	case IMAGE_TOO_LARGE:
		return "a picture may have at most 4096 x 4096 pixels";
	default:
		return "the picture takes too much time or memory to be decoded";
	}
}

/* Whether what came is what was announced. */
static bool understand(const uint8_t *output, size_t size, struct promo_picture *ret)
{
	uint16_t sides[2];

	if (size < sizeof(sides))
		return false;
	memcpy(sides, output, sizeof(sides));
	*ret = (struct promo_picture){
		.width = sides[0], .height = sides[1], .pixels = output + sizeof(sides)
	};
	return sides[0] >= 1 && sides[0] <= PROMO_PICTURE_SIDE_MAX && sides[1] >= 1 &&
	       sides[1] <= PROMO_PICTURE_SIDE_MAX &&
	       size == sizeof(sides) + (size_t)sides[0] * sides[1] * 4;
}

int promo_picture_decode(const char *program, const char *kind, const void *bytes, size_t size,
	struct promo_arena *arena, struct promo_picture *ret, const char **reterr_why)
{
	/* A byte more than there can be: who writes it writes too much. */
	size_t max = 4 + (size_t)PROMO_PICTURE_SIDE_MAX * PROMO_PICTURE_SIDE_MAX * 4 + 1, got;
	uint8_t *output = promo_arena_alloc(arena, max);
	struct promo_picture picture;
	struct child child;
	int r, end;

	if (!output)
		return promo_fault(-ENOMEM, "could not decode a picture");
	if (size > PROMO_PICTURE_BYTES_MAX) {
		*reterr_why = "a picture may have at most 1 MiB";
		return PROMO_E_INVALID_INPUT;
	}
	r = start(program, kind, bytes, size, &child);
	if (r)
		return r;
	got = read_output(&child, output, max);
	end = end_of(&child);
	if (end == IMAGE_DONE && understand(output, got, &picture)) {
		*ret = picture;
		return 0;
	}
	/* By posix_spawn(3), a program that is not there may also be found out like this. */
	if (end == 127)
		return promo_fault(-ENOENT, "could not start %s", program);
	*reterr_why = why(end);
	return PROMO_E_INVALID_INPUT;
}
