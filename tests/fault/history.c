/* SPDX-License-Identifier: MIT */
#include "tests/fault/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault/table.h"

enum {
	FIELDS = 12
};

static const char *const kinds[] = { [ATTEMPT_VERIFY] = "verify", [ATTEMPT_REDEEM] = "redeem" };

static bool any_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool attempt_unknown(const struct attempt *attempt)
{
	/* Every refusal of ours has a word; without it something in between has answered. */
	return attempt->status == 0 || attempt->word[0] == '-' ||
	       strcmp(attempt->word, "outcome_unknown") == 0;
}

bool attempt_ok(const struct attempt *attempt)
{
	return attempt->kind == ATTEMPT_REDEEM && attempt->status == 201;
}

bool attempt_bound(const struct attempt *attempt)
{
	return attempt->kind == ATTEMPT_REDEEM &&
	       (attempt->status == 201 || attempt->status == 409);
}

enum seen attempt_seen(const struct attempt *attempt)
{
	static const char *const redeemed[] = { "redeemed", "reported", "code_already_redeemed",
		"code_reported", NULL };
	static const char *const not_redeemed[] = { "active", "blocked", "expired", "code_blocked",
		"code_expired", "batch_not_active", "code_not_found", NULL };

	if (any_of(attempt->word, redeemed))
		return SEEN_REDEEMED;
	/* A repeated answer tells what was, not what is. */
	if (any_of(attempt->word, not_redeemed) && !attempt->replayed)
		return SEEN_NOT_REDEEMED;
	return SEEN_NOTHING;
}

/*
 * Files.
 */

char *file_text(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	/* No field holds a NUL: this reads to the end. */
	if (getdelim(&text, &size, '\0', file) < 0 && !ferror(file) && text)
		text[0] = '\0';
	else if (ferror(file)) {
		free(text);
		text = NULL;
	}
	(void)fclose(file);
	return text;
}

size_t file_fields(char **text, const char **ret, size_t count)
{
	char *line = strsep(text, "\n");
	size_t found = 0;

	if (!line || (!*line && !*text))
		return 0;
	for (char *field; (field = strsep(&line, "\t"));) {
		if (found < count)
			ret[found] = field;
		found++;
	}
	return found;
}

bool file_number(const char *text, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(text, &end, 10);
	return end != text && !*end && !errno;
}

static bool parse(const char *const fields[FIELDS], struct attempt *ret)
{
	int64_t status, replayed;

	for (size_t i = 0; i < FIELDS; i++)
		if (!fields[i][0])
			return false;
	*ret = (struct attempt){
		.kind = fields[0][0] == 'v' ? ATTEMPT_VERIFY : ATTEMPT_REDEEM,
		.code = fields[1],
		.key = fields[2],
		.user = fields[3],
		.word = fields[7],
		.redemption_id = fields[8],
		.body = fields[10],
		.request_id = fields[11],
	};
	if (strcmp(fields[0], kinds[ret->kind]) != 0 || !file_number(fields[4], &ret->invoke_us) ||
		!file_number(fields[5], &ret->complete_us) || !file_number(fields[6], &status) ||
		!file_number(fields[9], &replayed))
		return false;
	ret->status = (unsigned)status;
	ret->replayed = replayed == 1;
	return status >= 0 && status < 600 && ret->invoke_us <= ret->complete_us;
}

size_t history_add(struct history *history, char *text)
{
	const char *fields[FIELDS];
	struct attempt attempt;
	size_t line = 0, found;

	history->texts = table_room(history->texts, history->text_count, sizeof(*history->texts));
	history->texts[history->text_count++] = text;
	while ((found = file_fields(&text, fields, FIELDS)) > 0) {
		line++;
		if (found != FIELDS || !parse(fields, &attempt))
			return line;
		history->attempts =
			table_room(history->attempts, history->count, sizeof(*history->attempts));
		history->attempts[history->count++] = attempt;
	}
	return 0;
}

void history_free(struct history *history)
{
	for (size_t i = 0; i < history->text_count; i++)
		free(history->texts[i]);
	free(history->texts);
	free(history->attempts);
	*history = (struct history){ 0 };
}

void attempt_write(const struct attempt *attempt, FILE *file)
{
	(void)fprintf(file, "%s\t%s\t%s\t%s\t%" PRId64 "\t%" PRId64 "\t%u\t%s\t%s\t%d\t%s\t%s\n",
		kinds[attempt->kind], attempt->code, attempt->key, attempt->user,
		attempt->invoke_us, attempt->complete_us, attempt->status, attempt->word,
		attempt->redemption_id, attempt->replayed, attempt->body, attempt->request_id);
}
