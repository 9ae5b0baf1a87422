/* SPDX-License-Identifier: MIT */
#include "tests/fault/state.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fault/history.h"
#include "tests/fault/table.h"

enum {
	FIELDS_MAX = 11
};

#define ADD(state, items, count)                                                                   \
	((state)->items = table_room((state)->items, (state)->count, sizeof(*(state)->items)),     \
		&(state)->items[(state)->count++])

static bool take_code(struct state *state, const char *const fields[])
{
	struct state_code *code = ADD(state, codes, code_count);

	*code = (struct state_code){ fields[1], fields[2], fields[3], fields[4], 0 };
	return file_number(fields[5], &code->amount);
}

static bool take_redemption(struct state *state, const char *const fields[])
{
	struct state_redemption *redemption = ADD(state, redemptions, redemption_count);

	*redemption = (struct state_redemption){ fields[1], fields[2], fields[3], fields[4],
		fields[5], 0 };
	return file_number(fields[6], &redemption->amount);
}

static bool take_total(struct state *state, const char *const fields[])
{
	struct state_total *total = ADD(state, totals, total_count);

	*total = (struct state_total){ .batch_id = fields[1] };
	return file_number(fields[2], &total->redeemed) &&
	       file_number(fields[3], &total->redeemed_amount) &&
	       file_number(fields[4], &total->reported);
}

static bool take_audit(struct state *state, const char *const fields[])
{
	struct state_audit *audit = ADD(state, audits, audit_count);

	*audit = (struct state_audit){
		.writer = fields[1],
		.action = fields[3],
		.outcome = fields[4],
		.error = fields[5],
		.actor_id = fields[6],
		.entity_id = fields[7],
		.changed = strcmp(fields[8], "1") == 0,
		.request_id = fields[10],
	};
	return file_number(fields[2], &audit->seq) && file_number(fields[9], &audit->count);
}

static const struct {
	const char *name;
	size_t fields;
	bool (*take)(struct state *state, const char *const fields[]);
} rows[] = {
	{ "code", 6, take_code },
	{ "redemption", 7, take_redemption },
	{ "total", 5, take_total },
	{ "audit", 11, take_audit },
};

static bool take_line(struct state *state, const char *const fields[], size_t found)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (found == rows[i].fields && strcmp(fields[0], rows[i].name) == 0)
			return rows[i].take(state, fields);
	return false;
}

size_t state_read(struct state *state, char *text)
{
	const char *fields[FIELDS_MAX];
	size_t line = 0, found;

	state->text = text;
	while ((found = file_fields(&text, fields, FIELDS_MAX)) > 0) {
		line++;
		if (!take_line(state, fields, found))
			return line;
	}
	return 0;
}

void state_free(struct state *state)
{
	free(state->codes);
	free(state->redemptions);
	free(state->totals);
	free(state->audits);
	free(state->text);
	*state = (struct state){ 0 };
}
