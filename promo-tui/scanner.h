/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Tells a scanner, which is a keyboard to the machine, from a person. A scan is a burst of at least
 * eight characters less than 30 ms apart, ended by Enter or Tab (or by the configured suffix), or a
 * bracketed paste. It belongs to the counter wherever the focus is, and its letters must never act as
 * keys: so where letters are keys all characters are held back until it is clear what they are, and
 * where they are text all but the first of a burst are, which a scan takes back. A person therefore
 * sees every key at once.
 *
 * Pure: times (monotonic, milliseconds) are arguments, nothing is allocated.
 */

enum {
	TUI_SCAN_CHARACTERS_MIN = 8,
	TUI_SCAN_GAP_MS = 30,
	TUI_SCAN_SAME_MS = 2000, /* the same code again within this time is one scan */
	TUI_SCAN_GUARD_MS = 300, /* Enter and Tab so soon after a scan are the scanner's */
	TUI_SCAN_SIZE = 256,     /* bytes of a burst, with the NUL; a longer one is no scan */
	TUI_SCAN_AFFIX_SIZE = 16,
};

struct tui_scanner {
	char prefix[TUI_SCAN_AFFIX_SIZE], suffix[TUI_SCAN_AFFIX_SIZE];
	char burst[TUI_SCAN_SIZE];
	size_t size;                   /* bytes of the burst so far */
	size_t shown;                  /* how many of them were handed on as typing */
	int characters;                /* clusters of the burst; 0: there is none */
	bool too_long;                 /* the burst is no scan: what comes is handed on */
	int64_t last_ms;               /* when its last character came */
	char typed[2 * TUI_SCAN_SIZE]; /* what is handed on now */
	size_t typed_size;
	char code[TUI_SCAN_SIZE]; /* the last scan */
	bool has_code;
	bool guarded;    /* nothing was typed since */
	int64_t code_ms; /* when it was last seen */
};

/* What to do with a key, in this order. */
struct tui_scanned {
	/* Clusters that were handed on as typing and have to be taken back (0 or 1). */
	int take_back;
	const char *typed; /* to be handed on as typing; never NULL; lasts until the next call */
	const char *code;  /* a scan, without prefix and suffix; NULL: none; lasts as typed does */
	bool key;          /* the key (or the paste) itself means what it always means */
};

/* prefix, suffix: what the scanner is set to put around a code, or NULL. With one of them a burst
 * without it is no scan. PROMO_E_INVALID_INPUT if one has 16 bytes or more. */
int tui_scanner_init(
	struct tui_scanner *scanner, const char *prefix, const char *suffix) PROMO_CHECK;

/* A cluster came. echo: text is input where the focus is, rather than a key. */
struct tui_scanned tui_scanner_text(
	struct tui_scanner *scanner, const char *cluster, bool echo, int64_t at_ms);
/* Another key came; name as in struct tui_key. */
struct tui_scanned tui_scanner_key(struct tui_scanner *scanner, const char *name, int64_t at_ms);
/* A bracketed paste came: a scan if a line end or a tab ends it or if it has the shape of a code, and
 * only without another in between; text for the focus otherwise. */
struct tui_scanned tui_scanner_paste(struct tui_scanner *scanner, const char *text, int64_t at_ms);
/* Time went by. What was held back longer than the gap is handed on. */
struct tui_scanned tui_scanner_tick(struct tui_scanner *scanner, int64_t now_ms);
/* When tui_scanner_tick() has something to hand on; INT64_MAX: nothing is held back. */
int64_t tui_scanner_due_ms(const struct tui_scanner *scanner);
