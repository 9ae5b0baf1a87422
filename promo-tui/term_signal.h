/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "libpromo/base/macros.h"

/*
 * Signals of a program that holds a terminal. Most are only noted, and make a descriptor readable, so
 * that the loop deals with them. What ends the program (abort(), a fault of its memory, a second
 * SIGTERM) first gives the terminal back with what was handed over for it, using nothing that a
 * signal handler may not. One terminal a process, so this keeps its state in its file.
 */

struct tui_signal_restore {
	int fd; /* of the terminal */
	struct termios modes;
	char bytes[512]; /* what ends our use of it */
	size_t size;
};

enum tui_signal {
	TUI_SIGNAL_END,    /* SIGTERM, SIGHUP, SIGINT */
	TUI_SIGNAL_STOP,   /* SIGTSTP */
	TUI_SIGNAL_GO_ON,  /* SIGCONT */
	TUI_SIGNAL_RESIZE, /* SIGWINCH; the handler that was there has been called as well */
	TUI_SIGNAL_COUNT
};

/* Watches from now on. *ret_fd becomes readable with each signal. Handlers that somebody else has
 * set for faults stay, and so does SIGTSTP where it was ignored. */
int tui_signal_watch(const struct tui_signal_restore *restore, int *ret_fd) PROMO_CHECK;
/* Puts the handlers of before back. */
void tui_signal_unwatch(void);
/* Whether it came since it was asked for the last time. */
bool tui_signal_take(enum tui_signal which);
/* Makes the descriptor quiet; before the signals are taken. */
void tui_signal_drain(void);
/* Stops this process, or its whole group as Ctrl-Z does, until it is told to go on. */
void tui_signal_stop_here(bool group);
