/* SPDX-License-Identifier: MIT */
/* A key is read from file, environment and options, in this order; whatever is wrong is told with
 * its place, all at once; passwords are not shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "promod/config.h"
#include "promod/options.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"

static struct promo_arena *arena;
static struct promod_config config;
static struct promod_config_errors errors;

static int setup(void **state)
{
	arena = promo_arena_new(1 << 20);
	return scratch_setup(state);
}

static int teardown(void **state)
{
	promo_arena_free(arena);
	return scratch_teardown(state);
}

static const char *file_of(struct scratch *scratch, const char *text)
{
	return scratch_file(scratch, "promod.conf", text, strlen(text), 0600);
}

static void load(const char *file, char **environment, const struct promod_config_option *options,
	size_t count)
{
	const struct promod_config_sources sources = { file, environment, options, count, true };

	promod_config_load(&sources, arena, &config, &errors);
}

static void test_defaults(void **state)
{
	const char *file = file_of(*state, "# nothing\n");

	load(file, NULL, NULL, 0);
	assert_int_equal(errors.count, 0);
	assert_int_equal(config.listen.count, 1);
	assert_string_equal(config.listen.items[0], "127.0.0.1:8080");
	assert_false(config.allow_cleartext);
	assert_true(config.prepare);
	assert_true(config.skip_locked);
	assert_int_equal(config.unix_mode, 0660);
	assert_int_equal(config.workers, 8);
	assert_int_equal(config.log_level, PROMO_LOG_INFO);
	assert_string_equal(config.database, "");
	assert_string_equal(config.state_dir, "/var/lib/promo");
	assert_string_equal(config.hash_key_file, "/var/lib/promo/hash.key");
	assert_string_equal(config.mfa_key_file, "/var/lib/promo/mfa.key");
	assert_string_equal(config.mfa_old_key_file, "");
}

static void test_order(void **state)
{
	const char *file;
	char *environment[] = { (char[]){ "PROMOD_QUEUE=2" }, (char[]){ "PROMOD_CONNECTIONS=2" },
		(char[]){ "PATH=/bin" }, NULL };
	const struct promod_config_option options[] = { { "connections", "3" } };

	file = file_of(*state, "workers = 1\nqueue = 1\nconnections = 1\n");
	load(file, environment, options, 1);
	assert_int_equal(errors.count, 0);
	assert_int_equal(config.workers, 1);
	assert_int_equal(config.queue, 2);
	assert_int_equal(config.connections, 3);
}

/* Several in one source add up; another source begins anew. */
static void test_list(void **state)
{
	const char *file = file_of(*state, "listen = 127.0.0.1:1, [::1]:2\nlisten = unix:/a\n");
	const struct promod_config_option options[] = { { "listen", "127.0.0.1:5" },
		{ "listen", "127.0.0.1:6" } };

	load(file, NULL, NULL, 0);
	assert_int_equal(config.listen.count, 3);
	assert_string_equal(config.listen.items[1], "[::1]:2");
	assert_string_equal(config.listen.items[2], "unix:/a");
	load(file, NULL, options, 2);
	assert_int_equal(config.listen.count, 2);
	assert_string_equal(config.listen.items[0], "127.0.0.1:5");
	load(file_of(*state, "listen =\n"), NULL, NULL, 0);
	assert_int_equal(errors.count, 1);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "worker = 1\n", ":1: there is no key 'worker'; did you mean 'workers'?" },
		{ "\n\nlog_levle = info\n",
			":3: there is no key 'log_levle'; did you mean 'log_level'?" },
		{ "xyzzy_plugh = 1\n", "see promod.conf(5)" },
		{ "[main]\nworkers = 1\n", ":2: there are no sections here, remove [main]" },
		{ "workers = 0\n", "'workers' has to be a number from 1 to 256, not '0'" },
		{ "workers = 257\n", "not '257'" },
		{ "workers = 1x\n", "not '1x'" },
		{ "workers = -1\n", "not '-1'" },
		{ "workers = 99999999999999999999\n", "a number from" },
		{ "workers =\n", "not ''" },
		{ "prepare = maybe\n", "'prepare' has to be yes or no, not 'maybe'" },
		{ "unix_mode = 0888\n", "permissions such as 0660" },
		{ "unix_mode = 7777\n", "permissions such as 0660" },
		{ "log_level = loud\n", "error, warning, info or debug, not 'loud'" },
		{ "state_dir = here\n", "a path that begins with /" },
		{ "listen = a,a,a,a,a,a,a,a,a\n", "takes 8 values at most" },
		{ "owner_database = postgresql:///a\n", "of no use without 'database'" },
		{ "just words\n", ":1: " },
	};

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		load(file_of(*state, cases[i].text), NULL, NULL, 0);
		if (errors.count != 1 || !strstr(errors.texts[0], cases[i].error))
			print_error("case %zu: %s\n", i,
				errors.count > 0 ? errors.texts[0] : "no error");
		assert_int_equal(errors.count, 1);
		assert_non_null(strstr(errors.texts[0], cases[i].error));
	}
}

static void test_all_errors_at_once(void **state)
{
	const char *file = file_of(*state, "a = 1\nworkers = x\n[s]\nqueue = 5\nqueue = y\n");
	char *environment[] = { (char[]){ "PROMOD_QEUE=2" }, NULL };
	const struct promod_config_option options[] = { { "listne", "3" } };

	load(file, environment, options, 1);
	assert_int_equal(errors.count, 6);
	assert_non_null(strstr(errors.texts[2], ":4: there are no sections here, remove [s]"));
	assert_non_null(strstr(errors.texts[3], ":5: 'queue' has to be a number"));
	assert_non_null(strstr(errors.texts[4], "PROMOD_QEUE: there is no key 'qeue'"));
	assert_non_null(strstr(errors.texts[5], "did you mean 'listen'"));
	load("/nonexistent/promod.conf", NULL, NULL, 0);
	assert_int_equal(errors.count, 1);
}

static void test_passwords(void **state)
{
	static const char *const uris[] = { "postgresql://me:s3cr3t@host/db",
		"host=a password=s3cr3t", "postgresql://host/db?password=s3cr3t" };
	char *text;
	size_t size;

	for (size_t i = 0; i < PROMO_COUNT(uris); i++) {
		const struct promod_config_option option = { "database", uris[i] };
		char line[256];
		FILE *to;

		load(NULL, NULL, &option, 1);
		assert_int_equal(errors.count, 1);
		assert_null(strstr(errors.texts[0], "s3cr3t"));
		(void)snprintf(line, sizeof(line), "database = %s\n", uris[i]);
		load(file_of(*state, line), NULL, NULL, 0);
		assert_int_equal(errors.count, 0);
		assert_string_equal(config.database, uris[i]);
		to = open_memstream(&text, &size);
		promod_config_print(&config, to);
		assert_int_equal(fclose(to), 0);
		assert_null(strstr(text, "s3cr3t"));
		assert_non_null(strstr(text, "not shown"));
		free(text);
	}
}

/* What is printed is a file that says the same. */
static void test_print(void **state)
{
	const char *file = file_of(*state,
		"listen = unix:/a, [::1]:80\nallow_cleartext = yes\nunix_mode = 0600\n"
		"database = host=/a\nworkers = 3\nlog_level = debug\nstate_dir = /s\n");
	char *text, *again;
	size_t size;
	FILE *to;

	load(file, NULL, NULL, 0);
	to = open_memstream(&text, &size);
	promod_config_print(&config, to);
	assert_int_equal(fclose(to), 0);
	load(file_of(*state, text), NULL, NULL, 0);
	assert_int_equal(errors.count, 0);
	to = open_memstream(&again, &size);
	promod_config_print(&config, to);
	assert_int_equal(fclose(to), 0);
	assert_string_equal(text, again);
	free(text);
	free(again);
}

static int parse(int count, const char **arguments, struct promod_options *ret)
{
	struct promo_problem problem = { 0 };

	return promod_options_parse(count, (char **)(uintptr_t)arguments, arena, &problem, ret);
}

static void test_options(void **state)
{
	const char *serve[] = { "promod", "--ready-file=/r", "--log-level", "debug",
		"--listen=a=b" };
	const char *create[] = { "promod", "admin", "create", "--email", "e", "--password-stdin",
		"--state-dir", "/s" };
	const char *last[] = { "promod", "--workers", "3", "--check-config" };
	const char *wrong[] = { "promod", "migrate", "--email", "e" };
	const char *flag[] = { "promod", "migrate", "--status=yes" };
	struct promod_options options;

	(void)state;
	assert_int_equal(parse(5, serve, &options), 0);
	assert_int_equal(options.command, PROMOD_RUN);
	assert_string_equal(options.ready_file, "/r");
	assert_int_equal(options.setting_count, 2);
	assert_string_equal(options.settings[0].name, "log_level");
	assert_string_equal(options.settings[0].value, "debug");
	assert_string_equal(options.settings[1].value, "a=b");
	assert_int_equal(parse(8, create, &options), 0);
	assert_int_equal(options.command, PROMOD_ADMIN_CREATE);
	assert_string_equal(options.email, "e");
	assert_true(options.password_stdin);
	assert_int_equal(parse(4, last, &options), 0);
	assert_int_equal(options.command, PROMOD_CHECK_CONFIG);
	assert_int_equal(parse(4, wrong, &options), PROMO_E_INVALID_INPUT);
	assert_int_equal(parse(3, flag, &options), PROMO_E_INVALID_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_list, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_errors_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_passwords, setup, teardown),
		cmocka_unit_test_setup_teardown(test_print, setup, teardown),
		cmocka_unit_test_setup_teardown(test_options, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
