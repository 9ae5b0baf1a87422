/* SPDX-License-Identifier: MIT */
/* Proves that a redemption which was sent is on disk until its outcome is known; that it is asked for
 * again with its own key by its own user alone; and that what is told of it in the end is true. */
#include "promo-tui/outbox.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "tests/promo-tui/outbox_scene.h"

static int count_files(struct state *state)
{
	DIR *folder = opendir(folder_of(state));
	int count = 0;

	if (!folder)
		return 0;
	for (const struct dirent *at = readdir(folder); at; at = readdir(folder))
		count += at->d_name[0] != '.';
	assert_int_equal(closedir(folder), 0);
	return count;
}

static void test_on_disk_until_answered(void **context)
{
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *key = begin(state, outbox), *text;
	const char *path = promo_arena_printf(state->arena, "%s/%s", folder_of(state), key);
	struct tui_outbox_item item;
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(stat(folder_of(state), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	/* Its answer is on the way: nothing to ask, nothing to warn of. */
	assert_false(tui_outbox_next(outbox, 40000, &item));
	assert_int_equal(tui_outbox_count(outbox, true), 0);
	assert_int_equal(take(state, outbox, "other", 0, 201, &text), TUI_OUTBOX_NOT_MINE);
	assert_int_equal(take(state, outbox, key, 0, 201, &text), TUI_OUTBOX_ANSWERED);
	assert_int_equal(count_files(state), 0);
	assert_int_equal(take(state, outbox, key, 0, 201, &text), TUI_OUTBOX_NOT_MINE);
	tui_outbox_free(outbox);
}

/* What certainly was not done is not done later behind everybody's back. */
static void test_first_answers(void **context)
{
	static const struct {
		int error, status;
		enum tui_outbox_end end;
	} cases[] = {
		{ PROMO_E_CODE_EXPIRED, 409, TUI_OUTBOX_ANSWERED },
		{ PROMO_E_UNAVAILABLE, 0, TUI_OUTBOX_ANSWERED },
		{ PROMO_E_UNAVAILABLE, 503, TUI_OUTBOX_ANSWERED },
		{ PROMO_E_MAINTENANCE, 503, TUI_OUTBOX_ANSWERED },
		{ PROMO_E_TOO_MANY_REQUESTS, 429, TUI_OUTBOX_ANSWERED },
		{ PROMO_E_SESSION_EXPIRED, 401, TUI_OUTBOX_ANSWERED },
		{ PROMO_E_OUTCOME_UNKNOWN, 0, TUI_OUTBOX_UNKNOWN },
		{ PROMO_E_OUTCOME_UNKNOWN, 503, TUI_OUTBOX_UNKNOWN },
		{ PROMO_E_OUTCOME_UNKNOWN, 409, TUI_OUTBOX_UNKNOWN },
		{ -ENOMEM, 0, TUI_OUTBOX_UNKNOWN },
	};
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *text;
	int unknown = 0;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const char *key = begin(state, outbox);

		assert_int_equal(take(state, outbox, key, cases[i].error, cases[i].status, &text),
			cases[i].end);
		unknown += cases[i].end == TUI_OUTBOX_UNKNOWN;
		assert_int_equal(count_files(state), unknown);
		assert_int_equal(tui_outbox_count(outbox, true), unknown);
	}
	assert_non_null(strstr(text, "A1U2-C325-5X09-6E21"));
	tui_outbox_free(outbox);
}

static void test_settled_with_the_truth(void **context)
{
	static const struct {
		int error, status;
		enum tui_outbox_end end;
		const char *told;
	} cases[] = {
		{ PROMO_E_UNAVAILABLE, 0, TUI_OUTBOX_UNKNOWN, "not known yet" },
		{ PROMO_E_SESSION_EXPIRED, 401, TUI_OUTBOX_UNKNOWN, "not known yet" },
		{ PROMO_E_FORBIDDEN, 403, TUI_OUTBOX_UNKNOWN, "not known yet" },
		{ PROMO_E_TOO_MANY_REQUESTS, 429, TUI_OUTBOX_UNKNOWN, "not known yet" },
		{ PROMO_E_INTERNAL, 500, TUI_OUTBOX_UNKNOWN, "not known yet" },
		{ 0, 201, TUI_OUTBOX_SETTLED, "A1U2-C325-5X09-6E21 was redeemed for " PHONE },
		{ PROMO_E_CODE_ALREADY_REDEEMED, 409, TUI_OUTBOX_SETTLED,
			"was not redeemed for " PHONE ": the code was already redeemed" },
		{ PROMO_E_CODE_NOT_FOUND, 404, TUI_OUTBOX_SETTLED, "was not redeemed" },
	};
	struct state *state = *context;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct tui_outbox *outbox = outbox_of(state, &aline);
		const char *key = begin(state, outbox), *text;
		struct tui_outbox_item item;

		assert_int_equal(take(state, outbox, key, PROMO_E_OUTCOME_UNKNOWN, 0, &text),
			TUI_OUTBOX_UNKNOWN);
		/* Not at once, but in a while, and again in another. */
		assert_false(tui_outbox_next(outbox, 1001, &item));
		assert_true(tui_outbox_next(outbox, 1000 + 2000, &item));
		assert_same(&item, key);
		assert_false(tui_outbox_next(outbox, 1000 + 2000, &item));
		assert_int_equal(take(state, outbox, key, cases[i].error, cases[i].status, &text),
			cases[i].end);
		if (!strstr(text, cases[i].told))
			fail_msg("'%s' has no '%s'", text, cases[i].told);
		if (cases[i].end == TUI_OUTBOX_UNKNOWN) {
			tui_outbox_hurry(outbox);
			assert_true(tui_outbox_next(outbox, 1000 + 2001, &item));
			assert_int_equal(
				take(state, outbox, key, 0, 201, &text), TUI_OUTBOX_SETTLED);
		}
		assert_int_equal(count_files(state), 0);
		assert_int_equal(tui_outbox_count(outbox, true), 0);
		tui_outbox_free(outbox);
	}
}

/* How long the server wants to be left alone, and a call whose end nobody heard of. */
static void test_when_it_is_asked_again(void **context)
{
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *key = begin(state, outbox), *text;
	struct tui_reply reply = reply_to(key, PROMO_E_OUTCOME_UNKNOWN, 503);
	struct tui_outbox_item item;

	reply.reply.problem.retry_after_s = 60;
	assert_int_equal(
		tui_outbox_take(outbox, &reply, 1000, state->arena, &text), TUI_OUTBOX_UNKNOWN);
	assert_false(tui_outbox_next(outbox, 1000 + 59999, &item));
	assert_true(tui_outbox_next(outbox, 1000 + 60000, &item));
	assert_true(item.mine && item.asked && item.in_doubt);
	assert_false(tui_outbox_next(outbox, 1000 + 60000 + 119999, &item));
	assert_true(tui_outbox_next(outbox, 1000 + 60000 + 120000, &item));
	tui_outbox_free(outbox);
}

static void test_by_the_same_user_alone(void **context)
{
	static const struct tui_outbox_owner elsewhere = { "https://other.example.com", "u-aline",
		"Aline" };
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *key = begin(state, outbox), *text;
	struct tui_outbox_item item;

	assert_int_equal(tui_outbox_set_owner(outbox, &eric), 0);
	assert_false(tui_outbox_next(outbox, 90000, &item));
	assert_int_equal(tui_outbox_count(outbox, true), 0);
	assert_int_equal(tui_outbox_count(outbox, false), 1);
	assert_true(tui_outbox_item(outbox, 0, &item));
	assert_false(tui_outbox_item(outbox, 1, &item));
	assert_false(item.mine);
	assert_string_equal(item.user_name, "Aline Uwase");
	assert_int_equal(tui_outbox_set_owner(outbox, &elsewhere), 0);
	assert_false(tui_outbox_next(outbox, 90000, &item));
	assert_int_equal(tui_outbox_set_owner(outbox, NULL), 0);
	assert_false(tui_outbox_next(outbox, 90000, &item));
	assert_int_equal(
		tui_outbox_begin(outbox, &request, 0, state->arena, &state->problem, &text),
		PROMO_E_UNAUTHENTICATED);
	assert_int_equal(tui_outbox_set_owner(outbox, &aline), 0);
	assert_true(tui_outbox_next(outbox, 90000, &item));
	assert_same(&item, key);
	/* His own answer comes while another has taken over: it counts. */
	assert_int_equal(tui_outbox_set_owner(outbox, &eric), 0);
	assert_int_equal(take(state, outbox, key, 0, 201, &text), TUI_OUTBOX_SETTLED);
	assert_int_equal(count_files(state), 0);
	tui_outbox_free(outbox);
}

static void test_several_and_torn_files(void **context)
{
	static const char *const contents[] = { "", "{", "{}\n", "null", "{\"server\":\"s\"}\n",
		"\x00\xff\x01" };
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *keys[3], *text;
	struct tui_outbox_item item;

	for (size_t i = 0; i < PROMO_COUNT(keys); i++)
		keys[i] = begin(state, outbox);
	tui_outbox_free(outbox);
	for (size_t i = 0; i < PROMO_COUNT(contents); i++) {
		char name[PROMO_UUID_SIZE];
		FILE *file;

		promo_uuid_new(name);
		file = fopen(promo_arena_printf(state->arena, "%s/%s%s", folder_of(state), name,
				     i ? "" : ".AbCdEf"),
			"w");
		assert_non_null(file);
		assert_int_equal(fchmod(fileno(file), 0600), 0);
		assert_true(fputs(contents[i], file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
	outbox = outbox_of(state, &aline);
	assert_int_equal(tui_outbox_count(outbox, true), PROMO_COUNT(keys));
	assert_int_equal(tui_outbox_damaged(outbox, &text), PROMO_COUNT(contents) - 1);
	assert_string_equal(text, folder_of(state));
	for (size_t i = 0; i < PROMO_COUNT(keys); i++) {
		assert_true(tui_outbox_next(outbox, 5, &item));
		assert_same(&item, keys[i]);
	}
	for (size_t i = PROMO_COUNT(keys); i-- > 0;)
		assert_int_equal(take(state, outbox, keys[i], 0, 201, &text), TUI_OUTBOX_SETTLED);
	/* What nobody can read is left to somebody who can. */
	assert_int_equal(count_files(state), PROMO_COUNT(contents));
	tui_outbox_free(outbox);
}

/* What a writer that died left beside is removed, but not what one is writing just now. */
static void test_leftovers(void **context)
{
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *key = begin(state, outbox), *text;
	const char *paths[] = { promo_arena_printf(
					state->arena, "%s/%s.AbCdEf", folder_of(state), key),
		promo_arena_printf(state->arena, "%s/%s.GhIjKl", folder_of(state), key) };

	for (size_t i = 0; i < PROMO_COUNT(paths); i++) {
		FILE *file = fopen(paths[i], "w");

		assert_non_null(file);
		assert_int_equal(fclose(file), 0);
	}
	assert_int_equal(utime(paths[0], &(struct utimbuf){ 1, 1 }), 0);
	tui_outbox_free(outbox);
	outbox = outbox_of(state, &aline);
	assert_int_equal(access(paths[0], F_OK), -1);
	assert_int_equal(access(paths[1], F_OK), 0);
	assert_int_equal(tui_outbox_damaged(outbox, &text), 0);
	tui_outbox_free(outbox);
}

/* A folder that cannot be written to: nothing may be sent. */
static void test_a_full_disk(void **context)
{
	struct state *state = *context;
	struct tui_outbox *outbox = outbox_of(state, &aline);
	const char *key = NULL;
	FILE *file;

	assert_int_equal(mkdir(promo_arena_printf(state->arena, "%s/promo", state->path), 0700), 0);
	file = fopen(folder_of(state), "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	assert_true(tui_outbox_begin(outbox, &request, 0, state->arena, &state->problem, &key) > 0);
	assert_non_null(state->problem.detail);
	assert_null(key);
	tui_outbox_free(outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_TEST(test_on_disk_until_answered),
		STATE_TEST(test_first_answers),
		STATE_TEST(test_settled_with_the_truth),
		STATE_TEST(test_when_it_is_asked_again),
		STATE_TEST(test_by_the_same_user_alone),
		STATE_TEST(test_several_and_torn_files),
		STATE_TEST(test_leftovers),
		STATE_TEST(test_a_full_disk),
	};

	return cmocka_run_group_tests_name("promo-tui/outbox", tests, NULL, NULL);
}
