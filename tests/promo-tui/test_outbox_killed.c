/* SPDX-License-Identifier: MIT */
/* Proves that a redemption which may have been sent is found by the next program whenever the first
 * one is killed, and that two living ones leave each other's alone. */
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/promo-tui/outbox_scene.h"

/* The life of one redemption, step by step told over the pipe: 's' when it may be sent, with its key,
 * and 'a' when it was answered. */
static void live(struct state *state, int told)
{
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *key = begin(state, outbox), *text;

	if (write(told, "s", 1) != 1 || write(told, key, PROMO_UUID_SIZE - 1) < 0)
		_exit(2);
	if (write(told, "a", 1) != 1)
		_exit(2);
	(void)take(state, outbox, key, 0, 201, &text);
	_exit(0);
}

/* Kills a life before its n-th system call begins or ends; false when it is over before that. */
static bool kill_at(struct state *state, int n, char told[64])
{
	int pipes[2], status;
	ssize_t size;
	bool killed = false;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(pipes[0]);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(3);
		(void)raise(SIGSTOP);
		live(state, pipes[1]);
	}
	(void)close(pipes[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	while (!WIFEXITED(status) && !killed) {
		if (n-- > 0) {
			assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
			assert_int_equal(waitpid(child, &status, 0), child);
			continue;
		}
		killed = true;
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
	}
	if (!killed)
		assert_int_equal(WEXITSTATUS(status), 0);
	size = read(pipes[0], told, 63);
	assert_true(size >= 0);
	told[size] = '\0';
	(void)close(pipes[0]);
	return killed;
}

/* At most one file was being written; it is too young to be swept. */
static void remove_files(struct state *state)
{
	DIR *folder = opendir(folder_of(state));
	int count = 0;

	if (!folder)
		return;
	for (const struct dirent *at = readdir(folder); at; at = readdir(folder))
		if (at->d_name[0] != '.') {
			assert_non_null(strchr(at->d_name, '.'));
			assert_int_equal(unlinkat(dirfd(folder), at->d_name, 0), 0);
			count++;
		}
	assert_int_equal(closedir(folder), 0);
	assert_true(count <= 1);
}

static void test_killed_at_every_step(void **context)
{
	struct state *state = *context;
	struct tui_outbox_item item;
	char told[64];
	int kept = 0, n = 0;

	for (; kill_at(state, n, told); n++) {
		struct tui_outbox *outbox = outbox_of(state, &aline);
		const char *text;
		const bool found = tui_outbox_next(outbox, 5, &item);

		assert_int_equal(tui_outbox_damaged(outbox, &text), 0);
		/* Whatever may have been sent is there unless it was answered. */
		if (told[0] == 's' && !strchr(told, 'a')) {
			assert_true(found);
			assert_memory_equal(item.key, told + 1, strlen(told) - 1);
		}
		if (found) {
			const char *key = promo_arena_strdup(state->arena, item.key);

			assert_same(&item, key);
			assert_false(tui_outbox_next(outbox, 5, &item));
			assert_int_equal(
				take(state, outbox, key, 0, 201, &text), TUI_OUTBOX_SETTLED);
			kept++;
		}
		tui_outbox_free(outbox);
		remove_files(state);
	}
	assert_string_equal(told + strlen(told) - 1, "a");
	assert_true(kept > 5);
	assert_true(n > 20);
}

/* Two programs at once: each leaves alone what the other has in hand, until it dies. */
static void test_two_programs(void **context)
{
	struct state *state = *context;
	int pipes[2], status;
	struct tui_outbox_item item;
	struct tui_outbox *outbox;
	char key[PROMO_UUID_SIZE] = "";
	const char *text;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		outbox = outbox_of(state, &aline);
		text = begin(state, outbox);
		if (write(pipes[1], text, PROMO_UUID_SIZE - 1) < 0)
			_exit(2);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(pipes[0], key, PROMO_UUID_SIZE - 1), PROMO_UUID_SIZE - 1);
	outbox = outbox_of(state, &aline);
	assert_false(tui_outbox_next(outbox, 30000, &item));
	assert_int_equal(tui_outbox_count(outbox, true), 0);
	assert_int_equal(tui_outbox_set_owner(outbox, &eric), 0);
	assert_int_equal(tui_outbox_count(outbox, false), 0);
	assert_int_equal(tui_outbox_set_owner(outbox, &aline), 0);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(tui_outbox_next(outbox, 59999, &item));
	assert_true(tui_outbox_next(outbox, 60000, &item));
	assert_same(&item, key);
	assert_int_equal(take(state, outbox, key, 0, 201, &text), TUI_OUTBOX_SETTLED);
	tui_outbox_free(outbox);
	assert_int_equal(close(pipes[0]), 0);
	assert_int_equal(close(pipes[1]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_TEST(test_killed_at_every_step),
		STATE_TEST(test_two_programs),
	};

	return cmocka_run_group_tests_name("promo-tui/outbox_killed", tests, NULL, NULL);
}
