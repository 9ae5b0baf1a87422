/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/counter.h"

/* What counter.c (things that the clerk does) and counter_reply.c (answers) share. */

/* Copies into a buffer of a fixed size, cut between characters. */
void tui_counter_copy(char *ret, size_t size, const char *text);
void tui_counter_note(struct tui_counter *counter, const char *format, ...) PROMO_PRINTF(2, 3);
/* Shows a verdict and rings for it. */
void tui_counter_judge(struct tui_counter *counter, enum tui_verdict_kind verdict);
/* Forgets what was typed for the customer, but not what stands in the field of the code. */
void tui_counter_clear_customer(struct tui_counter *counter);
/* Keeps what was typed for the customer, if anything was, and says so. */
void tui_counter_keep(struct tui_counter *counter);
/* Just signed in: what is typed may still be meant for the screen before. */
bool tui_counter_is_wary(const struct tui_counter *counter, int64_t now_ms);
/* Whether what stands in the field of the code was typed by mistake; says so, and takes it the next
 * time. */
bool tui_counter_doubts(struct tui_counter *counter, int64_t now_ms);
enum tui_counter_call tui_counter_verify(
	struct tui_counter *counter, const char *code, int64_t now_ms);
