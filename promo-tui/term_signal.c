/* SPDX-License-Identifier: MIT */
#include "promo-tui/term_signal.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libpromo/base/error.h"

static const struct {
	int number;
	enum tui_signal means;
} watched[] = {
	{ SIGTERM, TUI_SIGNAL_END },
	{ SIGHUP, TUI_SIGNAL_END },
	{ SIGINT, TUI_SIGNAL_END },
	{ SIGTSTP, TUI_SIGNAL_STOP },
	{ SIGCONT, TUI_SIGNAL_GO_ON },
	{ SIGWINCH, TUI_SIGNAL_RESIZE },
};

static const int faults[] = { SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE };

static struct {
	struct tui_signal_restore restore;
	int wake_fd;
	volatile sig_atomic_t came[TUI_SIGNAL_COUNT];
	volatile sig_atomic_t ending;
	struct sigaction before[PROMO_COUNT(watched)];
	struct sigaction faults_before[PROMO_COUNT(faults)];
} held = { .wake_fd = -1 };

static void restore_terminal(void)
{
	const char *at = held.restore.bytes;
	size_t left = held.restore.size;

	while (left > 0) {
		ssize_t written = write(held.restore.fd, at, left);

		if (written <= 0)
			break;
		at += written;
		left -= (size_t)written;
	}
	(void)tcsetattr(held.restore.fd, TCSANOW, &held.restore.modes);
}

static void die(int number)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t only;

	restore_terminal();
	(void)sigemptyset(&usual.sa_mask);
	(void)sigaction(number, &usual, NULL);
	(void)sigemptyset(&only);
	(void)sigaddset(&only, number);
	(void)raise(number);
	(void)sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static void wake(void)
{
	const uint64_t one = 1;
	const int error = errno;

	/* It cannot fail but by being readable already. */
	(void)!write(held.wake_fd, &one, sizeof(one));
	errno = error;
}

static void note(int number)
{
	for (size_t i = 0; i < PROMO_COUNT(watched); i++) {
		if (watched[i].number != number)
			continue;
		if (watched[i].means == TUI_SIGNAL_END) {
			if (held.ending)
				die(number);
			held.ending = 1;
		}
		/* That of curses, which takes the new size from the terminal. */
		if (watched[i].means == TUI_SIGNAL_RESIZE && held.before[i].sa_handler != SIG_DFL &&
			held.before[i].sa_handler != SIG_IGN)
			held.before[i].sa_handler(number);
		held.came[watched[i].means] = 1;
	}
	wake();
}

static void watch_one(int number, void (*handler)(int), int flags, struct sigaction *ret_before)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(number, &action, ret_before);
}

int tui_signal_watch(const struct tui_signal_restore *restore, int *ret_fd)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return promo_fault(-errno, "could not make an eventfd: %s", strerror(errno));
	memset(&held, 0, sizeof(held));
	held.restore = *restore;
	held.wake_fd = fd;
	for (size_t i = 0; i < PROMO_COUNT(watched); i++) {
		watch_one(watched[i].number, note, SA_RESTART, &held.before[i]);
		if (watched[i].means == TUI_SIGNAL_STOP && held.before[i].sa_handler == SIG_IGN)
			(void)sigaction(watched[i].number, &held.before[i], NULL);
	}
	for (size_t i = 0; i < PROMO_COUNT(faults); i++) {
		watch_one(faults[i], die, 0, &held.faults_before[i]);
		if (held.faults_before[i].sa_handler != SIG_DFL)
			(void)sigaction(faults[i], &held.faults_before[i], NULL);
	}
	*ret_fd = fd;
	return 0;
}

void tui_signal_unwatch(void)
{
	if (held.wake_fd < 0)
		return;
	for (size_t i = 0; i < PROMO_COUNT(watched); i++)
		(void)sigaction(watched[i].number, &held.before[i], NULL);
	for (size_t i = 0; i < PROMO_COUNT(faults); i++)
		(void)sigaction(faults[i], &held.faults_before[i], NULL);
	(void)close(held.wake_fd);
	held.wake_fd = -1;
}

bool tui_signal_take(enum tui_signal which)
{
	const bool came = held.came[which] != 0;

	held.came[which] = 0;
	return came;
}

void tui_signal_drain(void)
{
	uint64_t count;

	(void)!read(held.wake_fd, &count, sizeof(count));
}

void tui_signal_stop_here(bool group)
{
	struct sigaction ours;

	watch_one(SIGTSTP, SIG_DFL, 0, &ours);
	if (ours.sa_handler != SIG_IGN)
		(void)kill(group ? 0 : getpid(), SIGTSTP);
	(void)sigaction(SIGTSTP, &ours, NULL);
}
