/* SPDX-License-Identifier: MIT */
#include "promo-cli/words.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One character of a word that has begun; `at` is moved behind it. */
static void take(struct cli_words *words, const char **at, char *word, size_t *length)
{
	const char c = *(*at)++;

	if (words->open == '\\') {
		words->open = 0;
	} else if (words->open == '"' && c == '\\' && **at && strchr("\"\\$`", **at)) {
		word[(*length)++] = *(*at)++;
		return;
	} else if (words->open) {
		if (c == words->open) {
			words->open = 0;
			return;
		}
	} else if (c == '\\' || c == '\'' || c == '"') {
		words->open = c;
		return;
	}
	word[(*length)++] = c;
}

bool cli_words_split(struct promo_arena *arena, const char *line, struct cli_words *ret)
{
	char *room = promo_arena_alloc(arena, strlen(line) + 1);

	*ret = (struct cli_words){ .ended = true };
	while (room) {
		size_t length = 0;

		while (is_blank(*line))
			line++;
		if (!*line)
			return true;
		if (ret->count == CLI_LINE_WORDS_MAX)
			return false;
		while (*line && (ret->open || !is_blank(*line)))
			take(ret, &line, room, &length);
		ret->ended = *line;
		ret->items[ret->count] = promo_arena_strndup(arena, room, length);
		if (!ret->items[ret->count++])
			return false;
	}
	return false;
}
