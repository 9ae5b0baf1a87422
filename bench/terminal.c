/* SPDX-License-Identifier: MIT */
/*
 * usage: terminal COLUMNS ROWS COMMAND [ARGUMENT...] <STEPS
 *
 * Runs a command on a terminal of its own (a pty) and does what the steps say, one a line:
 *
 *   first TEXT   waits for the text; prints how long it took since the start, and how many bytes
 *   quiet MS     waits until nothing was sent for so long
 *   type TEXT    sends the letters, 50 ms apart, as a person who types fast
 *   bytes HEX    sends these
 *   echo COUNT   types so many letters, 150 ms apart, and takes each back once it was seen; prints
 *                how long it takes until a letter is on the screen, and how many bytes it took
 *
 * What it prints are name=value pairs, one line a step. It fails where nothing comes for 10 s.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 10000,
	TYPING_GAP_MS = 50,
	ECHO_GAP_MS = 150,
	SEEN_BYTES = 1 << 20,
	ECHOES_MAX = 10000,
	LINE_BYTES = 1024
};

struct terminal {
	int fd;
	int64_t started_us;
	char seen[SEEN_BYTES + 1]; /* since the last thing was sent */
	size_t seen_size;
	size_t bytes; /* since the last figure */
};

static int64_t now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void die(const char *what)
{
	(void)fprintf(stderr, "terminal: %s\n", what);
	exit(1);
}

/* Takes what the command sends within so many ms; false: nothing. */
static bool take(struct terminal *terminal, int within_ms)
{
	struct pollfd input = { .fd = terminal->fd, .events = POLLIN };
	ssize_t length;

	if (poll(&input, 1, within_ms) <= 0)
		return false;
	if (terminal->seen_size == SEEN_BYTES)
		terminal->seen_size = 0;
	length = read(terminal->fd, terminal->seen + terminal->seen_size,
		SEEN_BYTES - terminal->seen_size);
	if (length <= 0)
		die("the command ended");
	terminal->seen_size += (size_t)length;
	terminal->bytes += (size_t)length;
	terminal->seen[terminal->seen_size] = '\0';
	return true;
}

static void send_bytes(struct terminal *terminal, const char *bytes, size_t size)
{
	terminal->seen_size = 0;
	terminal->seen[0] = '\0';
	if (write(terminal->fd, bytes, size) != (ssize_t)size)
		die("could not send");
}

static void quiet(struct terminal *terminal, int ms)
{
	while (take(terminal, ms))
		continue;
	terminal->bytes = 0;
}

static void first(struct terminal *terminal, const char *text)
{
	while (!strstr(terminal->seen, text))
		if (!take(terminal, PATIENCE_MS))
			die("the text does not come");
	(void)printf("first_us=%lld", (long long)(now_us() - terminal->started_us));
	while (take(terminal, 100))
		continue;
	(void)printf(" bytes=%zu\n", terminal->bytes);
	terminal->bytes = 0;
}

static void type(struct terminal *terminal, const char *text)
{
	for (; *text; text++) {
		send_bytes(terminal, text, 1);
		while (take(terminal, TYPING_GAP_MS))
			continue;
	}
}

static void send_hex(struct terminal *terminal, const char *hex)
{
	char *end;

	for (;;) {
		const long value = strtol(hex, &end, 16);
		const char byte = (char)value;

		if (end == hex)
			return;
		send_bytes(terminal, &byte, 1);
		hex = end;
	}
}

static int compare(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

static void echo(struct terminal *terminal, int count)
{
	/* Letters that end no control sequence of a terminal. */
	static const char letters[] = "QWYV";
	static int64_t took[ECHOES_MAX];
	size_t bytes = 0;

	if (count < 1 || count > ECHOES_MAX)
		die("that many letters cannot be typed");
	quiet(terminal, 500);
	for (int i = 0; i < count; i++) {
		const char letter = letters[i % 4];
		const int64_t begin = now_us();

		send_bytes(terminal, &letter, 1);
		while (!strchr(terminal->seen, letter) && !strchr(terminal->seen, tolower(letter)))
			if (!take(terminal, PATIENCE_MS))
				die("a letter is not echoed");
		took[i] = now_us() - begin;
		while (take(terminal, ECHO_GAP_MS))
			continue;
		bytes += terminal->seen_size;
		/* A field has an end. */
		send_bytes(terminal, "\177", 1);
		while (take(terminal, ECHO_GAP_MS))
			continue;
	}
	qsort(took, (size_t)count, sizeof(took[0]), compare);
	(void)printf("echo_p50_us=%lld echo_p99_us=%lld echo_max_us=%lld bytes=%zu\n",
		(long long)took[count / 2], (long long)took[count * 99 / 100],
		(long long)took[count - 1], bytes / (size_t)count);
	terminal->bytes = 0;
}

static void obey(struct terminal *terminal, char *step)
{
	char *argument = strchr(step, ' ');

	if (!argument)
		die("a step without what it is about");
	*argument++ = '\0';
	if (strcmp(step, "first") == 0)
		first(terminal, argument);
	else if (strcmp(step, "quiet") == 0)
		quiet(terminal, (int)strtol(argument, NULL, 10));
	else if (strcmp(step, "type") == 0)
		type(terminal, argument);
	else if (strcmp(step, "bytes") == 0)
		send_hex(terminal, argument);
	else if (strcmp(step, "echo") == 0)
		echo(terminal, (int)strtol(argument, NULL, 10));
	else
		die("no such step");
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	static struct terminal terminal;
	char step[LINE_BYTES];
	struct winsize size;
	pid_t pid;

	if (argc < 4)
		die("usage: terminal COLUMNS ROWS COMMAND [ARGUMENT...] <STEPS");
	size = (struct winsize){
		.ws_col = (unsigned short)strtoul(argv[1], NULL, 10),
		.ws_row = (unsigned short)strtoul(argv[2], NULL, 10),
	};
	terminal.started_us = now_us();
	pid = forkpty(&terminal.fd, NULL, NULL, &size);
	if (pid < 0)
		die(strerror(errno));
	if (pid == 0) {
		(void)execvp(argv[3], argv + 3);
		_exit(127);
	}
	while (fgets(step, sizeof(step), stdin)) {
		step[strcspn(step, "\n")] = '\0';
		if (*step)
			obey(&terminal, step);
	}
	(void)kill(pid, SIGTERM);
	(void)close(terminal.fd);
	(void)waitpid(pid, NULL, 0);
	return 0;
}
