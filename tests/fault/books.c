/* SPDX-License-Identifier: MIT */
/* Rule 6: what the database says in several places is the same everywhere, and every answer left its
 * row in the audit trail. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault/check.h"
#include "tests/fault/table.h"

static const char redeem_action[] = "redemption.create", verify_action[] = "code.verify";

struct sum {
	int64_t count, amount, reported;
};

struct batch {
	struct sum redemptions, codes, totals;
};

struct code {
	const struct state_code *row;
	int64_t redemptions, amount;
	int64_t audited; /* rows that say that it became redeemed */
};

struct books {
	struct check *check;
	struct table ids, batches;
	struct code *codes;
	struct batch *batch;
};

static bool is_paid(const struct state_code *code)
{
	return strcmp(code->status, "redeemed") == 0 || strcmp(code->status, "reported") == 0;
}

static void add(struct sum *sum, int64_t amount)
{
	sum->count++;
	sum->amount += amount;
}

static void open_books(struct books *books)
{
	const struct state *state = books->check->state;

	for (size_t i = 0; i < state->code_count; i++) {
		(void)table_put(&books->ids, state->codes[i].id);
		(void)table_put(&books->batches, state->codes[i].batch_id);
	}
	for (size_t i = 0; i < state->total_count; i++)
		(void)table_put(&books->batches, state->totals[i].batch_id);
	books->codes = table_allocate(books->ids.count, sizeof(*books->codes));
	books->batch = table_allocate(books->batches.count, sizeof(*books->batch));
}

static struct batch *batch_of(struct books *books, const char *id)
{
	return &books->batch[table_find(&books->batches, id)];
}

static void take_rows(struct books *books)
{
	const struct state *state = books->check->state;

	for (size_t i = 0; i < state->code_count; i++) {
		const struct state_code *row = &state->codes[i];
		struct batch *batch = batch_of(books, row->batch_id);

		books->codes[table_find(&books->ids, row->id)].row = row;
		if (is_paid(row))
			add(&batch->codes, row->amount);
		batch->codes.reported += strcmp(row->status, "reported") == 0;
	}
	for (size_t i = 0; i < state->redemption_count; i++) {
		const struct state_redemption *row = &state->redemptions[i];
		size_t at = table_find(&books->ids, row->code_id);

		if (strcmp(row->status, "completed") != 0)
			continue;
		if (at == TABLE_NONE) {
			check_violated(books->check, 6, NULL, NULL,
				"redemption %s is of a code that is not there", row->id);
			continue;
		}
		books->codes[at].redemptions++;
		books->codes[at].amount += row->amount;
		add(&batch_of(books, books->codes[at].row->batch_id)->redemptions, row->amount);
	}
	for (size_t i = 0; i < state->total_count; i++)
		batch_of(books, state->totals[i].batch_id)->totals =
			(struct sum){ state->totals[i].redeemed, state->totals[i].redeemed_amount,
				state->totals[i].reported };
}

static void check_batches(struct books *books)
{
	for (size_t i = 0; i < books->batches.count; i++) {
		const struct batch *batch = &books->batch[i];

		if (batch->redemptions.count == batch->codes.count &&
			batch->redemptions.count == batch->totals.count &&
			batch->redemptions.amount == batch->codes.amount &&
			batch->redemptions.amount == batch->totals.amount &&
			batch->codes.reported == batch->totals.reported)
			continue;
		check_violated(books->check, 6, NULL, NULL,
			"batch %s: redemptions %" PRId64 " (sum %" PRId64 "), codes %" PRId64
			" (%" PRId64 "), totals %" PRId64 " (%" PRId64 "); reported %" PRId64
			", in totals %" PRId64,
			books->batches.texts[i], batch->redemptions.count,
			batch->redemptions.amount, batch->codes.count, batch->codes.amount,
			batch->totals.count, batch->totals.amount, batch->codes.reported,
			batch->totals.reported);
	}
}

static void check_codes(struct books *books)
{
	for (size_t i = 0; i < books->ids.count; i++) {
		const struct code *code = &books->codes[i];
		int64_t expected = is_paid(code->row) ? 1 : 0;

		if (code->redemptions != expected || code->audited != expected ||
			code->amount != expected * code->row->amount)
			check_violated(books->check, 6, NULL, NULL,
				"code %s is %s and has %" PRId64 " redemptions (sum %" PRId64
				" of %" PRId64 ") and %" PRId64 " audit rows that say so",
				code->row->code, code->row->status, code->redemptions, code->amount,
				code->row->amount, code->audited);
	}
}

/*
 * The audit trail by itself: dense, and one row for each code that was redeemed.
 */

static void check_trail(struct books *books)
{
	const struct state *state = books->check->state;
	struct table writers = { 0 };
	int64_t *last = table_allocate(state->audit_count, sizeof(*last));

	books->check->result->audit_rows = state->audit_count;
	for (size_t i = 0; i < state->audit_count; i++) {
		const struct state_audit *row = &state->audits[i];
		size_t writer = table_put(&writers, row->writer);
		size_t at = table_find(&books->ids, row->entity_id);

		if (row->seq != last[writer] + 1)
			check_violated(books->check, 6, NULL, NULL,
				"writer %s of the audit trail goes on with %" PRId64
				" after %" PRId64,
				row->writer, row->seq, last[writer]);
		last[writer] = row->seq;
		if (row->changed && at != TABLE_NONE && strcmp(row->action, redeem_action) == 0 &&
			strcmp(row->outcome, "allowed") == 0)
			books->codes[at].audited++;
	}
	free(last);
	table_free(&writers);
}

/*
 * Each answer has its row: by its request id, or among the repeats that one row counts for the same
 * action on the same code by the same user with the same end.
 */

struct folded {
	int64_t spare;   /* repeats that rows count beyond their own request */
	int64_t missing; /* answers without a row of their own */
	const struct attempt *first;
};

struct answers {
	struct books *books;
	struct table requests, groups;
	size_t *row, *next; /* + 1: rows of a request id */
	struct folded *folded;
	char **names;
	size_t name_count;
};

/* The group, until the next is asked for. */
static struct folded *group(struct answers *answers, const char *action, const char *entity,
	const char *actor, const char *error)
{
	char *name;
	size_t before = answers->groups.count, at;

	if (asprintf(&name, "%s %s %s %s", action, entity, actor, error) < 0)
		abort();
	at = table_put(&answers->groups, name);
	if (answers->groups.count == before) {
		free(name);
		return &answers->folded[at];
	}
	answers->names = table_room(answers->names, answers->name_count, sizeof(*answers->names));
	answers->names[answers->name_count++] = name;
	answers->folded = table_room(answers->folded, before, sizeof(*answers->folded));
	answers->folded[at] = (struct folded){ 0 };
	return &answers->folded[at];
}

static bool fits(const struct state_audit *row, const struct attempt *attempt)
{
	bool done = attempt->status < 300;

	return strcmp(row->action,
		       attempt->kind == ATTEMPT_REDEEM ? redeem_action : verify_action) == 0 &&
	       strcmp(row->error, done ? "-" : attempt->word) == 0 &&
	       (strcmp(row->outcome, "allowed") == 0) == done;
}

static bool has_row(const struct answers *answers, const struct attempt *attempt)
{
	const struct state *state = answers->books->check->state;
	size_t request = table_find(&answers->requests, attempt->request_id);
	size_t at = request == TABLE_NONE ? 0 : answers->row[request];

	for (; at; at = answers->next[at - 1])
		if (fits(&state->audits[at - 1], attempt))
			return true;
	return false;
}

static void take_trail(struct answers *answers)
{
	const struct state *state = answers->books->check->state;

	answers->row = table_allocate(state->audit_count, sizeof(*answers->row));
	answers->next = table_allocate(state->audit_count, sizeof(*answers->next));
	for (size_t i = 0; i < state->audit_count; i++) {
		const struct state_audit *row = &state->audits[i];
		size_t at = table_put(&answers->requests, row->request_id);

		answers->next[i] = answers->row[at];
		answers->row[at] = i + 1;
		if (row->count > 1)
			group(answers, row->action, row->entity_id, row->actor_id, row->error)
				->spare += row->count - 1;
	}
}

/* The code is known of these only; what was refused before may name neither it nor the user. */
static bool has_entity(const struct attempt *attempt)
{
	return attempt->status < 300 || attempt->status == 409;
}

static void miss(struct answers *answers, const struct table *codes, const struct attempt *attempt)
{
	size_t code = table_find(codes, attempt->code);
	bool entity = has_entity(attempt) && code != TABLE_NONE;
	struct folded *folded;

	folded = group(answers, attempt->kind == ATTEMPT_REDEEM ? redeem_action : verify_action,
		entity ? answers->books->check->state->codes[code].id : "-",
		attempt->status == 401 ? "-" : attempt->user,
		attempt->status < 300 ? "-" : attempt->word);
	if (!folded->missing++)
		folded->first = attempt;
}

/* Below 500 only: what could not be done may not have been written down either. */
static void check_answers(struct books *books)
{
	const struct history *history = books->check->history;
	const struct state *state = books->check->state;
	struct answers answers = { .books = books };
	struct table codes = { 0 };

	take_trail(&answers);
	for (size_t i = 0; i < state->code_count; i++)
		(void)table_put(&codes, state->codes[i].code);
	for (size_t i = 0; i < history->count; i++) {
		const struct attempt *attempt = &history->attempts[i];

		if (!attempt_unknown(attempt) && attempt->status < 500 &&
			!has_row(&answers, attempt))
			miss(&answers, &codes, attempt);
	}
	for (size_t i = 0; i < answers.groups.count; i++)
		if (answers.folded[i].missing > answers.folded[i].spare)
			check_violated(books->check, 6, answers.folded[i].first, NULL,
				"%" PRId64
				" answers have no row in the audit trail, rows count %" PRId64
				" repeats (%s)",
				answers.folded[i].missing, answers.folded[i].spare,
				answers.groups.texts[i]);
	for (size_t i = 0; i < answers.name_count; i++)
		free(answers.names[i]);
	free(answers.names);
	free(answers.folded);
	free(answers.row);
	free(answers.next);
	table_free(&answers.requests);
	table_free(&answers.groups);
	table_free(&codes);
}

void check_books(struct check *check)
{
	struct books books = { .check = check };

	open_books(&books);
	take_rows(&books);
	check_trail(&books);
	check_batches(&books);
	check_codes(&books);
	check_answers(&books);
	table_free(&books.ids);
	table_free(&books.batches);
	free(books.codes);
	free(books.batch);
}
