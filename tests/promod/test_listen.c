/* SPDX-License-Identifier: MIT */
/* Addresses are taken as people write them, clear text stays on loopback unless it is allowed, and a
 * socket file is replaced only where nobody listens. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "promod/listen.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"
#include "tests/lib/wire.h"

static struct promo_arena *arena;
static struct promo_problem problem;
static const struct promod_listen_rules rules = { .unix_mode = 0660 };

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

static void test_addresses(void **state)
{
	static const struct {
		const char *address;
		int closed, open; /* the result without and with allow_cleartext */
	} cases[] = {
		{ "127.0.0.1:8080", 0, 0 },
		{ "127.1.2.3:1", 0, 0 },
		{ "[::1]:8080", 0, 0 },
		{ "localhost:0", 0, 0 },
		{ "unix:/run/promo.sock", 0, 0 },
		{ "0.0.0.0:8080", PROMO_E_INVALID_INPUT, 0 },
		{ "192.0.2.1:8080", PROMO_E_INVALID_INPUT, 0 },
		{ "[::]:8080", PROMO_E_INVALID_INPUT, 0 },
		{ "[::ffff:127.0.0.1]:80", PROMO_E_INVALID_INPUT, 0 },
		{ "", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "8080", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ ":8080", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "127.0.0.1", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "127.0.0.1:", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "127.0.0.1:65536", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "127.0.0.1:-1", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "127.0.0.1:80x", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "::1:8080", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "[::1]", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "promo.example:80", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "unix:", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
		{ "unix:promo.sock", PROMO_E_INVALID_INPUT, PROMO_E_INVALID_INPUT },
	};
	const struct promod_listen_rules open = { .allow_cleartext = true };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		int closed = promod_listen_check(cases[i].address, &rules, arena, &problem);

		if (closed != cases[i].closed)
			print_error("%s\n", cases[i].address);
		assert_int_equal(closed, cases[i].closed);
		assert_int_equal(promod_listen_check(cases[i].address, &open, arena, &problem),
			cases[i].open);
	}
}

static void test_free_port(void **state)
{
	const char *address, *other;
	struct wire wire;
	int fd, again;

	(void)state;
	assert_int_equal(promod_listen("127.0.0.1:0", &rules, arena, &problem, &fd, &address), 0);
	assert_memory_equal(address, "127.0.0.1:", 10);
	wire_open(&wire, (unsigned)strtoul(address + 10, NULL, 10));
	wire_close(&wire);
	assert_int_equal(promod_listen(address, &rules, arena, &problem, &again, &other),
		PROMO_E_UNAVAILABLE);
	assert_non_null(strstr(problem.detail, address));
	close(fd);
}

static void test_unix_socket(void **state)
{
	const char *path = scratch_path(*state, "http"), *address;
	char name[160];
	struct stat status;
	struct wire wire;
	int fd, again;

	(void)snprintf(name, sizeof(name), "unix:%s", path);
	assert_int_equal(promod_listen(name, &rules, arena, &problem, &fd, &address), 0);
	assert_string_equal(address, name);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0660);
	wire_open_unix(&wire, path);
	wire_close(&wire);
	/* Somebody listens: it stays his. */
	assert_int_equal(promod_listen(name, &rules, arena, &problem, &again, &address),
		PROMO_E_UNAVAILABLE);
	wire_open_unix(&wire, path);
	wire_close(&wire);
	/* Left behind by one that was killed. */
	close(fd);
	assert_int_equal(promod_listen(name, &rules, arena, &problem, &fd, &address), 0);
	close(fd);
}

/* Whatever else stands there is no socket of ours. */
static void test_other_file(void **state)
{
	const char *path = scratch_file(*state, "http", "precious", 8, 0600), *address;
	char name[160];
	struct stat status;
	int fd;

	(void)snprintf(name, sizeof(name), "unix:%s", path);
	assert_int_equal(
		promod_listen(name, &rules, arena, &problem, &fd, &address), PROMO_E_UNAVAILABLE);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 8);
}

static void test_long_path(void **state)
{
	char name[200] = "unix:/";

	(void)state;
	memset(name + 6, 'a', sizeof(name) - 7);
	assert_int_equal(promod_listen_check(name, &rules, arena, &problem), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(problem.detail, "107 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_free_port, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unix_socket, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_path, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
