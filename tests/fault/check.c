/* SPDX-License-Identifier: MIT */
#include "tests/fault/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault/table.h"

enum {
	SHOWN_MAX = 10 /* of each rule */
};

/* What is known of a code, from answers and from the database. */
struct code {
	const struct state_code *row;
	const struct state_redemption *winner;
	const struct attempt *told;     /* the first that named a redemption */
	const struct attempt *redeemed; /* the first to complete that saw it redeemed */
};

struct key {
	const struct state_redemption *row;
	const struct attempt *first; /* to be invoked */
	const struct attempt *bound; /* an answer that the key keeps */
	const struct attempt *maybe; /* the first to be invoked that may be what was done */
	const struct attempt *unknown;
};

struct walk {
	struct check check;
	struct table codes, keys;
	struct code *code;
	struct key *key;
	size_t code_count, key_count;
};

static void show(FILE *out, const struct attempt *attempt)
{
	(void)fprintf(out, "    %.6f..%.6f ", (double)attempt->invoke_us / 1e6,
		(double)attempt->complete_us / 1e6);
	attempt_write(attempt, out);
}

void check_violated(struct check *check, int rule, const struct attempt *first,
	const struct attempt *second, const char *format, ...)
{
	va_list arguments;

	if (check->result->violations[rule]++ >= SHOWN_MAX)
		return;
	(void)fprintf(check->out, "rule %d: ", rule);
	va_start(arguments, format);
	(void)vfprintf(check->out, format, arguments);
	va_end(arguments);
	(void)fputc('\n', check->out);
	if (first)
		show(check->out, first);
	if (second)
		show(check->out, second);
}

static bool given(const char *text)
{
	return strcmp(text, "-") != 0;
}

static bool earlier(const struct attempt *a, const struct attempt *b)
{
	return !b || a->invoke_us < b->invoke_us;
}

/*
 * First the tables: who is who.
 */

static struct code *code_of(struct walk *walk, const char *code)
{
	return &walk->code[table_find(&walk->codes, code)];
}

static struct key *key_of(struct walk *walk, const char *key)
{
	return &walk->key[table_find(&walk->keys, key)];
}

static void name_all(struct walk *walk)
{
	const struct state *state = walk->check.state;
	const struct history *history = walk->check.history;

	for (size_t i = 0; i < state->code_count; i++)
		(void)table_put(&walk->codes, state->codes[i].code);
	for (size_t i = 0; i < state->redemption_count; i++)
		(void)table_put(&walk->keys, state->redemptions[i].key);
	for (size_t i = 0; i < history->count; i++) {
		(void)table_put(&walk->codes, history->attempts[i].code);
		(void)table_put(&walk->keys, history->attempts[i].key);
	}
	walk->code = table_allocate(walk->codes.count, sizeof(*walk->code));
	walk->key = table_allocate(walk->keys.count, sizeof(*walk->key));
}

static void take_state(struct walk *walk)
{
	const struct state *state = walk->check.state;
	const struct state_redemption *row;
	struct table ids = { 0 };
	struct code *code;
	size_t at;

	for (size_t i = 0; i < state->code_count; i++) {
		code_of(walk, state->codes[i].code)->row = &state->codes[i];
		(void)table_put(&ids, state->codes[i].id);
	}
	for (size_t i = 0; i < state->redemption_count; i++) {
		row = &state->redemptions[i];
		key_of(walk, row->key)->row = row;
		at = table_find(&ids, row->code_id);
		if (strcmp(row->status, "completed") != 0 || at == TABLE_NONE)
			continue;
		code = code_of(walk, state->codes[at].code);
		if (code->winner) {
			walk->check.result->doubled++;
			check_violated(&walk->check, 1, NULL, NULL,
				"code %s has the redemptions %s and %s in the database",
				code->row->code, code->winner->id, row->id);
		}
		code->winner = row;
	}
	table_free(&ids);
}

static void take_key(struct walk *walk, const struct attempt *attempt)
{
	struct check_result *result = walk->check.result;
	struct key *key = key_of(walk, attempt->key);

	if (earlier(attempt, key->first))
		key->first = attempt;
	if ((attempt_unknown(attempt) || (attempt_bound(attempt) && !attempt->replayed)) &&
		earlier(attempt, key->maybe))
		key->maybe = attempt;
	if (attempt_unknown(attempt))
		key->unknown = attempt;
	result->replays += attempt->replayed;
	if (!attempt_bound(attempt))
		return;
	if (!key->bound)
		key->bound = attempt;
	else if (key->bound->status != attempt->status || strcmp(key->bound->body, attempt->body))
		check_violated(&walk->check, 5, key->bound, attempt,
			"one key was answered in two ways: %s", attempt->key);
}

static void count(struct check_result *result, const struct attempt *attempt)
{
	result->attempts++;
	result->verifications += attempt->kind == ATTEMPT_VERIFY;
	if (attempt_unknown(attempt))
		result->unknown++;
	else if (attempt->status >= 500 || attempt->status == 429)
		result->not_now++;
	else
		result->answered++;
	result->faults += attempt->status == 500;
	if (attempt->status && attempt->complete_us - attempt->invoke_us > result->slowest_us)
		result->slowest_us = attempt->complete_us - attempt->invoke_us;
}

static void take_attempts(struct walk *walk)
{
	const struct history *history = walk->check.history;

	for (size_t i = 0; i < history->count; i++) {
		const struct attempt *attempt = &history->attempts[i];
		struct code *code = code_of(walk, attempt->code);

		count(walk->check.result, attempt);
		if (attempt->kind == ATTEMPT_REDEEM)
			take_key(walk, attempt);
		if (attempt_seen(attempt) == SEEN_REDEEMED &&
			(!code->redeemed || attempt->complete_us < code->redeemed->complete_us))
			code->redeemed = attempt;
		if (!given(attempt->redemption_id))
			continue;
		if (!code->told)
			code->told = attempt;
		else if (strcmp(code->told->redemption_id, attempt->redemption_id) != 0)
			check_violated(&walk->check, 1, code->told, attempt,
				"two redemptions were told of code %s", attempt->code);
	}
}

/*
 * Then every attempt against them.
 */

/* Rule 2, from the answer to the database. */
static void check_kept(struct walk *walk, const struct attempt *attempt)
{
	const struct key *key = key_of(walk, attempt->key);
	const struct state_redemption *row = key->row;
	const struct code *code = code_of(walk, attempt->code);
	struct check *check = &walk->check;
	bool here = row && code->row && strcmp(row->code_id, code->row->id) == 0;

	if (attempt_ok(attempt) && (!here || strcmp(row->status, "completed") != 0 ||
					   strcmp(row->id, attempt->redemption_id) != 0)) {
		check->result->lost++;
		check_violated(check, 2, attempt, NULL,
			"a redemption that was answered is not in the database");
	}
	if (attempt->status == 409 && (!here || strcmp(row->status, "failed") != 0 ||
					      strcmp(row->error, attempt->word) != 0))
		check_violated(check, 2, attempt, NULL,
			here && strcmp(row->status, "completed") == 0
				? "a redemption that was done was refused"
				: "a refusal that was answered is not in the database");
	else if ((attempt->status == 404 || attempt->status == 422) && here)
		check_violated(check, 2, attempt, NULL,
			"a redemption that the database holds was refused");
	/* What it repeats was not told to anybody: something else was. */
	if (attempt_bound(attempt) && attempt->replayed &&
		(!key->maybe || key->maybe->invoke_us > attempt->complete_us))
		check_violated(check, 2, key->first, attempt,
			"an answer is a repetition, but what was answered before was that it was "
			"not done");
}

static void check_seen(struct walk *walk, const struct attempt *attempt)
{
	const struct code *code = code_of(walk, attempt->code);
	const struct key *winner = code->winner ? key_of(walk, code->winner->key) : NULL;
	enum seen seen = attempt_seen(attempt);

	if (given(attempt->redemption_id) && code->winner &&
		strcmp(attempt->redemption_id, code->winner->id) != 0)
		check_violated(&walk->check, 1, attempt, NULL,
			"code %s has the redemption %s in the database, and another was told",
			attempt->code, code->winner->id);
	if (seen == SEEN_NOT_REDEEMED && code->redeemed &&
		attempt->invoke_us > code->redeemed->complete_us)
		check_violated(&walk->check, 3, code->redeemed, attempt,
			"code %s was seen redeemed, and not so afterwards", attempt->code);
	if (seen != SEEN_REDEEMED)
		return;
	if (!code->winner)
		check_violated(&walk->check, 2, attempt, NULL,
			"code %s was seen redeemed, and the database has no redemption",
			attempt->code);
	else if (winner->first && attempt->complete_us < winner->first->invoke_us)
		check_violated(&walk->check, 4, attempt, winner->first,
			"code %s was seen redeemed before anybody asked for it", attempt->code);
}

/* Rule 2, from the database to what was asked. */
static void check_asked(struct walk *walk)
{
	const struct state *state = walk->check.state;

	for (size_t i = 0; i < state->redemption_count; i++) {
		const struct state_redemption *row = &state->redemptions[i];
		const struct key *key = key_of(walk, row->key);

		if (strcmp(row->status, "completed") != 0)
			continue;
		if (!key->first)
			check_violated(&walk->check, 2, NULL, NULL,
				"redemption %s was asked for by nobody (key %s)", row->id,
				row->key);
		else if (!key->maybe && !key->bound)
			check_violated(&walk->check, 2, key->first, NULL,
				"redemption %s is in the database, and every answer was that it "
				"was not done",
				row->id);
	}
}

static void count_keys(struct walk *walk)
{
	struct check_result *result = walk->check.result;

	for (size_t i = 0; i < walk->keys.count; i++) {
		const struct key *key = &walk->key[i];

		if (!key->first)
			continue;
		result->keys++;
		if (key->bound) {
			result->redeemed += key->bound->status == 201;
			result->refused += key->bound->status == 409;
			result->resolved += key->unknown != NULL;
		} else if (key->unknown) {
			result->unresolved++;
			result->unresolved_redeemed +=
				key->row && strcmp(key->row->status, "completed") == 0;
		}
	}
}

/*
 * The longest time without an answer of use.
 */

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t longest_gap(const struct history *history)
{
	int64_t *times = table_allocate(history->count, sizeof(*times)), longest = 0;
	size_t n = 0;

	for (size_t i = 0; i < history->count; i++)
		if (history->attempts[i].status && history->attempts[i].status < 500)
			times[n++] = history->attempts[i].complete_us;
	qsort(times, n, sizeof(*times), by_time);
	for (size_t i = 1; i < n; i++)
		if (times[i] - times[i - 1] > longest)
			longest = times[i] - times[i - 1];
	free(times);
	return longest;
}

size_t check_run(const struct history *history, const struct state *state, FILE *out,
	struct check_result *ret)
{
	struct walk walk = { .check = { history, state, out, ret } };
	size_t violations = 0;

	*ret = (struct check_result){ 0 };
	name_all(&walk);
	take_state(&walk);
	take_attempts(&walk);
	for (size_t i = 0; i < history->count; i++) {
		if (history->attempts[i].kind == ATTEMPT_REDEEM)
			check_kept(&walk, &history->attempts[i]);
		check_seen(&walk, &history->attempts[i]);
	}
	check_asked(&walk);
	check_books(&walk.check);
	count_keys(&walk);
	ret->longest_gap_us = longest_gap(history);
	for (int rule = 1; rule <= CHECK_RULES; rule++)
		violations += ret->violations[rule];
	table_free(&walk.codes);
	table_free(&walk.keys);
	free(walk.code);
	free(walk.key);
	return violations;
}
