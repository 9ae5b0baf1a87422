/* SPDX-License-Identifier: MIT */
/* seals.log: whoever edits it is found, and the seal is named; what only looks like it, a crash at any moment, a
 * log that is behind, another daemon, is not. Two sealers at once make one chain and two whole logs; more rows
 * than one seal can hold are sealed all the same. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "tests/ops/trail.h"

enum {
	LOG_MAX = 64 * 1024,
};

static char kept[LOG_MAX]; /* the log as it was */

static void write_log(const struct trail *t, const char *text)
{
	FILE *file = fopen(t->log, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, 0);
	assert_int_equal(fclose(file), 0);
}

static void read_log(const struct trail *t)
{
	FILE *file = fopen(t->log, "r");

	assert_non_null(file);
	kept[fread(kept, 1, sizeof(kept) - 1, file)] = '\0';
	(void)fclose(file);
}

/* A line of the log as it was, with its end. */
static char *line(int number, char ret[LOG_MAX])
{
	const char *at = kept;

	while (--number > 0)
		at = strchr(at, '\n') + 1;
	(void)snprintf(ret, LOG_MAX, "%.*s\n", (int)strcspn(at, "\n"), at);
	return ret;
}

/* Replaces the first occurrence by a text of the same length. */
static char *replaced(char *text, const char *what, const char *by)
{
	char *at = strstr(text, what);

	assert_non_null(at);
	memcpy(at, by, strlen(by));
	return text;
}

static void assert_log(struct trail *t, const char *a, const char *b, const char *c, const char *d,
	const char *problems)
{
	char text[4 * LOG_MAX];

	(void)snprintf(text, sizeof(text), "%s%s%s%s", a, b, c, d);
	write_log(t, text);
	trail_assert(t, problems);
}

static void test_an_edited_log(void **state)
{
	static char one[LOG_MAX], two[LOG_MAX], three[LOG_MAX], other[LOG_MAX];
	struct trail *t = *state;

	read_log(t);
	(void)line(1, one);
	(void)line(2, two);
	(void)line(3, three);
	assert_log(t, one, three, "", "", "[" P("log_changed", null, 2) "]");
	assert_log(t, one, "nonsense\n", three, "", "[" P("log_changed", null, 2) "]");
	assert_log(t, one, "nonsense\n", two, three, "[" P("log_changed", null, 2) "]");
	assert_log(t, one, two, two, three, "[" P("log_changed", null, 2) "]");
	assert_log(t, one, replaced(line(2, other), "\"root\":\"", "\"root\":g"), three, "",
		"[" P("log_changed", null, 2) "]");
	assert_log(t, one, replaced(line(2, other), "\"dropped_to\":0", "\"dropped_to\":1"), three,
		"", "[" P("log_changed", null, 2) "]");
	assert_log(t, one, two, replaced(line(3, other), "\"id\":3", "\"id\":4"), "",
		"[" P("log_changed", null, 3) "," P("log_changed", null, 4) "]");
	/* To be behind is no sign of anything. */
	assert_log(t, one, two, "", "", "[]");
	assert_log(t, "", "", "", "", "[]");
	assert_log(t, one, two, three, "", "[]");
}

/*
 * The threads.
 */

enum {
	WAIT_MS = 30 * 1000
};

static void await(struct trail *t, const char *question, const char *answer)
{
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	while (strcmp(promo_test_sql(t->till->database, "%s", question), answer) != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
}

static int count_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	int lines = 0, c;

	assert_non_null(file);
	while ((c = fgetc(file)) != EOF)
		lines += c == '\n';
	(void)fclose(file);
	return lines;
}

#define UNSEALED                                                                                   \
	"SELECT count(*) FROM audit_writers w LEFT JOIN audit_sealed s ON s.writer_id = w.id "     \
	"WHERE w.seq > coalesce(s.seq, 0)"

/* Two daemons: one seals, the other one takes over, and both have all seals in their logs. */
static void test_two_sealers(void **state)
{
	struct trail *t = *state;
	struct promo_runner_config config = t->till->config;
	struct promo_sealing sealing = t->sealing;
	struct promo_sealer *one, *two;
	char log[300];

	(void)snprintf(log, sizeof(log), "%s.two", t->log);
	sealing.log = log;
	config.sealing = &sealing;
	promo_seal_work_rest(t->work);
	promo_seal_work_free(t->work);
	t->work = NULL;
	assert_int_equal(promo_sealer_start(&t->till->config, 2, &one), 0);
	assert_int_equal(promo_sealer_start(&config, 2, &two), 0);
	for (int i = 0; i < 20; i++) {
		trail_write(t, 101 + i % 2, 3);
		if (i == 10)
			promo_sealer_stop(one);
	}
	await(t, UNSEALED, "0");
	trail_assert(t, "[]");
	trail_write(t, 101, 1);
	promo_sealer_stop(two);
	assert_string_equal(promo_test_sql(t->till->database, UNSEALED), "0");
	trail_assert(t, "[]");
	t->sealing.log = log;
	trail_assert(t, "[]");
	assert_int_equal(count_lines(log),
		strtol(promo_test_sql(t->till->database, "SELECT count(*) FROM audit_seals"), NULL,
			10));
}

/* A daemon that died between the commit of a seal and its line, or in the middle of the line. */
static void test_a_crash(void **state)
{
	struct trail *t = *state;
	FILE *file;

	promo_seal_work_free(t->work);
	t->work = NULL;
	file = fopen(t->log, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, -20, SEEK_END), 0);
	assert_int_equal(ftruncate(fileno(file), ftell(file)), 0);
	(void)fclose(file);
	trail_assert(t, "[]");
	assert_int_equal(promo_seal_work_new(&t->till->config, &t->work), 0);
	trail_sql(t, "UPDATE audit_sealer SET lease_until = '-infinity'");
	trail_seal(t);
	trail_assert(t, "[]");
	assert_int_equal(count_lines(t->log),
		strtol(promo_test_sql(t->till->database, "SELECT count(*) FROM audit_seals"), NULL,
			10));
}

/* More than one seal can hold, and more than one round of reading. */
static void test_many_rows(void **state)
{
	struct trail *t = *state;

	trail_write(t, 101, PROMO_SEAL_ROWS_MAX + 500);
	trail_write(t, 102, 700);
	trail_seal(t);
	assert_string_equal(promo_test_sql(t->till->database, UNSEALED), "0");
	trail_assert(t, "[]");
	trail_sql(t,
		"UPDATE audit_log SET count = 3 WHERE writer_id = 101 AND seq IN (20000, 20100); "
		"DELETE "
		"FROM audit_log WHERE writer_id = 102 AND seq = 500");
	trail_assert(t, "[" P("row_changed", 101, 20000) "," P("row_changed", 101, 20100) "," P(
				"row_missing", 102, 500) "]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRAIL_TEST(test_an_edited_log),
		TRAIL_TEST(test_a_crash),
		TRAIL_TEST(test_many_rows),
		TRAIL_TEST(test_two_sealers),
	};

	return cmocka_run_group_tests(tests, trail_setup_all, trail_teardown_all);
}
