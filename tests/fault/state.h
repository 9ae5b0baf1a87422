/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the database holds after the load: tests/fault/state.sql writes it, from one snapshot, one row
 * a line, fields apart by tabs, "-" for null, amounts in minor units:
 *	code code id batch_id status amount
 *	redemption id code_id key status error amount
 *	total batch_id redeemed redeemed_amount reported
 *	audit writer seq action outcome error actor_id entity_id changed count request_id
 * changed is 1 for a row that says what changed: of a redemption that was done, not of its replay.
 */

struct state_code {
	const char *code, *id, *batch_id, *status;
	int64_t amount;
};

struct state_redemption {
	const char *id, *code_id, *key, *status, *error;
	int64_t amount;
};

struct state_total {
	const char *batch_id;
	int64_t redeemed, redeemed_amount, reported;
};

struct state_audit {
	const char *writer, *action, *outcome, *error, *actor_id, *entity_id, *request_id;
	int64_t seq, count;
	bool changed;
};

struct state {
	struct state_code *codes;
	struct state_redemption *redemptions;
	struct state_total *totals;
	struct state_audit *audits;
	size_t code_count, redemption_count, total_count, audit_count;
	char *text; /* in which the texts lie */
};

/* Takes the text of a file (from malloc) and cuts it up; the number of the first line that is not
 * understood, 0: none. */
size_t state_read(struct state *state, char *text);
void state_free(struct state *state);
