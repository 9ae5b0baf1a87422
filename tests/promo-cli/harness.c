/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/random.h"

enum {
	ARENA_MAX = 64 * 1024 * 1024
};

int harness_setup(void **state)
{
	struct harness *harness = calloc(1, sizeof(*harness));

	assert_non_null(harness);
	assert_int_equal(promo_base_init(), 0);
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)snprintf(harness->state, sizeof(harness->state), "/tmp/promo-cli-test.XXXXXX");
	assert_non_null(mkdtemp(harness->state));
	harness->cli.env.home.state_home = harness->state;
	harness->cli.arena = promo_arena_new(ARENA_MAX);
	assert_non_null(harness->cli.arena);
	harness_begin_output(harness);
	*state = harness;
	return 0;
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
	(void)stat;
	(void)type;
	(void)walk;
	return remove(path);
}

int harness_teardown(void **state)
{
	struct harness *harness = *state;

	harness_end_output(harness);
	free(harness->data);
	free(harness->talk);
	(void)nftw(harness->state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	promo_client_free(harness->cli.client);
	promo_arena_free(harness->cli.arena);
	free(harness);
	return 0;
}

void harness_begin_output(struct harness *harness)
{
	struct cli_out *out = &harness->cli.out;

	harness_end_output(harness);
	free(harness->data);
	free(harness->talk);
	harness->data = harness->talk = NULL;
	*out = (struct cli_out){
		.data = open_memstream(&harness->data, &harness->data_size),
		.talk = open_memstream(&harness->talk, &harness->talk_size),
		.utf8 = true,
	};
	assert_non_null(out->data);
	assert_non_null(out->talk);
}

void harness_end_output(struct harness *harness)
{
	struct cli_out *out = &harness->cli.out;

	if (out->talk)
		(void)fclose(out->talk);
	if (out->data)
		(void)fclose(out->data);
	out->data = out->talk = NULL;
}

int harness_split(struct harness *harness, const char *arguments, char **ret_words)
{
	char *text = promo_arena_strdup(harness->cli.arena, arguments);
	int count = 0;

	ret_words[count++] = promo_arena_strdup(harness->cli.arena, "promo");
	for (;;) {
		char *word = strsep(&text, " ");

		if (!word)
			break;
		if (*word)
			ret_words[count++] = word;
		assert_true(count < HARNESS_WORDS_MAX);
	}
	ret_words[count] = NULL;
	return count;
}

int harness_parse(struct harness *harness, const char *arguments, struct cli_args *ret)
{
	char *words[HARNESS_WORDS_MAX];
	bool named;
	int code;

	harness_begin_output(harness);
	code = cli_args_parse(
		&harness->cli, harness_split(harness, arguments, words), words, ret, &named);
	harness_end_output(harness);
	return code;
}

void harness_give_input(const char *input)
{
	char path[] = "/tmp/promo-cli-input.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	if (input)
		assert_int_equal(write(fd, input, strlen(input)), strlen(input));
	assert_int_equal(close(fd), 0);
	assert_non_null(freopen(path, "r", stdin));
	assert_int_equal(unlink(path), 0);
}

int harness_run(struct harness *harness, const char *input, const char *arguments)
{
	char *words[HARNESS_WORDS_MAX];
	int code;

	harness_give_input(input);
	harness_begin_output(harness);
	harness->cli.json = harness->cli.verbose = false;
	harness->cli.server = NULL;
	promo_client_free(harness->cli.client);
	harness->cli.client = NULL;
	code = cli_main(&harness->cli, harness_split(harness, arguments, words), words);
	harness_end_output(harness);
	return code;
}

void assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%s", part, text);
}
