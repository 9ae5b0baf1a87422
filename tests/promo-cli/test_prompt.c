/* SPDX-License-Identifier: MIT */
/* Proves on a pseudo-terminal that a secret is never shown, that Ctrl-C gives the terminal its echo
 * back, and that what lacks is asked for. argv[1] is the program. */
#include "promo-cli/prompt.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "harness.h"
#include "promo-cli/cli.h"

enum {
	TEXT_MAX = 65536,
	PATIENCE_MS = 20000,
	WORDS_MAX = 16
};

static const char *program;

struct terminal {
	int fd;
	pid_t child;
	char text[TEXT_MAX];
	size_t size;
};

static void begin(struct terminal *terminal, struct harness *harness, const char *arguments)
{
	char *words[HARNESS_WORDS_MAX];

	(void)harness_split(harness, arguments, words);
	*terminal = (struct terminal){ .fd = -1 };
	terminal->child = forkpty(&terminal->fd, NULL, NULL, NULL);
	assert_true(terminal->child >= 0);
	if (terminal->child == 0) {
		(void)setenv("XDG_STATE_HOME", harness->state, 1);
		(void)setenv("PROMO_SERVER", "unix:/nonexistent/socket", 1);
		(void)setenv("TERM", "dumb", 1);
		(void)execv(program, words);
		_exit(127);
	}
}

/* Reads until the text is there; false at the end of the terminal. */
static bool read_until(struct terminal *terminal, const char *text)
{
	while (!text || !strstr(terminal->text, text)) {
		struct pollfd wait = { .fd = terminal->fd, .events = POLLIN };
		ssize_t size;

		if (poll(&wait, 1, PATIENCE_MS) == 0)
			fail_msg("waited in vain for '%s' in:\n%s", text ? text : "the end",
				terminal->text);
		assert_true(terminal->size < TEXT_MAX - 1);
		size = read(terminal->fd, terminal->text + terminal->size,
			TEXT_MAX - 1 - terminal->size);
		if (size <= 0)
			return false;
		terminal->size += (size_t)size;
	}
	return true;
}

/* What is typed before the program waits for it would be dropped together with the echo. */
static void answer(struct terminal *terminal, const char *prompt, bool shown, const char *keys)
{
	struct termios mode;

	assert_true(read_until(terminal, prompt));
	do
		assert_int_equal(tcgetattr(terminal->fd, &mode), 0);
	while (!shown && mode.c_lflag & ECHO);
	assert_int_equal(write(terminal->fd, keys, strlen(keys)), strlen(keys));
}

static int end(struct terminal *terminal)
{
	int status;

	(void)read_until(terminal, NULL);
	assert_int_equal(waitpid(terminal->child, &status, 0), terminal->child);
	assert_int_equal(close(terminal->fd), 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void test_login_asks(void **state)
{
	struct harness *harness = *state;
	struct terminal terminal;

	begin(&terminal, harness, "login");
	answer(&terminal, "E-mail address or phone number: ", true, "aline@example.com\n");
	answer(&terminal, "Password: ", false, "open sesame\n");
	assert_int_equal(end(&terminal), CLI_UNREACHABLE);
	assert_holds(terminal.text, "aline@example.com");
	assert_lacks(terminal.text, "sesame");
}

static void test_new_secrets_are_typed_twice(void **state)
{
	struct harness *harness = *state;
	struct terminal terminal;

	begin(&terminal, harness, "user create --first-name A --last-name B");
	answer(&terminal, "(empty: none): ", false, "open sesame\n");
	answer(&terminal, "The same once more: ", false, "open barley\n");
	assert_int_equal(end(&terminal), CLI_USAGE);
	assert_holds(terminal.text, "the two were not the same");
	assert_lacks(terminal.text, "sesame");
	assert_lacks(terminal.text, "barley");
}

static void test_interrupt_brings_the_echo_back(void **state)
{
	struct harness *harness = *state;
	struct terminal terminal;
	struct termios mode;
	int keep;

	begin(&terminal, harness, "login --user u");
	keep = dup(terminal.fd);
	answer(&terminal, "Password: ", false, "op\003");
	assert_int_equal(end(&terminal), CLI_INTERRUPTED);
	assert_int_equal(tcgetattr(keep, &mode), 0);
	assert_true(mode.c_lflag & ECHO);
	assert_int_equal(close(keep), 0);
}

static void test_code_is_asked_for(void **state)
{
	struct harness *harness = *state;
	struct terminal terminal;

	begin(&terminal, harness, "verify");
	answer(&terminal, "Code: ", true, "no such thing!\n");
	assert_int_equal(end(&terminal), CLI_USAGE);
	assert_holds(terminal.text, "CODE: Invalid code format");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_login_asks, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_new_secrets_are_typed_twice, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_interrupt_brings_the_echo_back, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_code_is_asked_for, harness_setup, harness_teardown),
	};

	if (argc != 2) {
		(void)fprintf(stderr, "usage: test_prompt PROMO\n");
		return 2;
	}
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
