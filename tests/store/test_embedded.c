/* SPDX-License-Identifier: MIT */
/* The server of our own starts from nothing, keeps what was committed when it or the daemon is
 * killed, is found again by the next start, ends with its owner, whom a guest may follow, and says
 * clearly why it cannot start where it cannot. */
#include <libpq-fe.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/store/embedded.h"
#include "libpromo/store/migrate.h"
#include "tests/lib/account.h"
#include "tests/lib/log.h"

static int setup(void **state)
{
	*state = promo_test_folder();
	promo_test_log_keep();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	promo_test_folder_remove(*state);
	return 0;
}

static struct promo_embedded *start(const char *folder)
{
	const struct promo_embedded_config config = { .state_dir = folder };
	struct promo_embedded *embedded = NULL;

	if (promo_embedded_start(&config, &embedded))
		promo_test_log_show();
	return embedded;
}

/* The first value, -1 if it could not be had. */
static long ask(const char *uri, const char *sql)
{
	PGconn *connection = PQconnectdb(uri);
	PGresult *result = PQexec(connection, sql);
	long value = -1;

	if (PQresultStatus(result) == PGRES_COMMAND_OK)
		value = 0;
	else if (PQntuples(result) == 1)
		value = strtol(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	PQfinish(connection);
	return value;
}

static pid_t server_pid(const char *folder)
{
	char path[128], text[32] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", folder);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	(void)fclose(file);
	return (pid_t)strtol(text, NULL, 10);
}

static void test_life(void **state)
{
	const char *folder = *state;
	char path[128];
	struct stat info;
	struct promo_embedded *embedded;
	struct promo_migrate_config migration = { .app_login = true };
	pid_t pid;

	/* What an interrupted first start leaves. */
	(void)snprintf(path, sizeof(path), "%s/postgres.new", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/postgres.new/PG_VERSION", folder);
	assert_int_equal(mkdir(path, 0700), 0);

	embedded = start(folder);
	assert_non_null(embedded);
	assert_true(promo_embedded_owned(embedded));
	pid = server_pid(folder);
	assert_true(pid > 0);
	migration.uri = promo_embedded_owner_uri(embedded);
	assert_int_equal(promo_migrate(&migration, NULL), 0);
	assert_int_equal(ask(promo_embedded_app_uri(embedded), "SELECT count(*) FROM roles"), 5);
	assert_int_equal(ask(promo_embedded_app_uri(embedded), "DROP TABLE roles"), -1);
	assert_int_equal(
		ask(promo_embedded_owner_uri(embedded),
			"SELECT count(*) FROM pg_settings WHERE (name, setting) IN"
			" (('data_checksums', 'on'), ('fsync', 'on'), ('listen_addresses', ''),"
			" ('full_page_writes', 'on'), ('synchronous_commit', 'on'),"
			" ('unix_socket_permissions', '0700'), ('server_encoding', 'UTF8'),"
			" ('max_connections', '300'), ('min_wal_size', '1024'))"),
		9);
	(void)snprintf(path, sizeof(path), "%s/socket", folder);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	assert_int_equal(promo_embedded_stop(embedded), 0);
	assert_int_equal(server_pid(folder), 0);
	assert_int_equal(kill(pid, 0), -1);

	/* Again, with what it held. */
	embedded = start(folder);
	assert_non_null(embedded);
	assert_int_equal(ask(promo_embedded_app_uri(embedded), "SELECT count(*) FROM roles"), 5);
	assert_int_equal(promo_embedded_stop(embedded), 0);
}

/* A daemon in a process of its own, which is killed as soon as it runs. */
static void start_and_be_killed(const char *folder)
{
	pid_t daemon = fork();
	int status = 0;

	assert_true(daemon >= 0);
	if (daemon == 0) {
		struct promo_embedded *embedded = start(folder);

		if (embedded)
			ask(promo_embedded_owner_uri(embedded),
				"CREATE TABLE kept AS SELECT 42 AS a");
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(daemon, &status, 0), daemon);
	assert_true(WIFSIGNALED(status));
}

static void test_daemon_killed(void **state)
{
	const char *folder = *state;
	struct promo_embedded *embedded;
	pid_t pid;

	start_and_be_killed(folder);
	pid = server_pid(folder);
	assert_int_equal(kill(pid, 0), 0);
	embedded = start(folder);
	assert_non_null(embedded);
	assert_true(promo_embedded_owned(embedded));
	assert_int_equal(server_pid(folder), pid);
	assert_true(promo_test_logged("going on with the PostgreSQL server"));
	assert_int_equal(ask(promo_embedded_owner_uri(embedded), "SELECT a FROM kept"), 42);
	assert_int_equal(promo_embedded_ensure(embedded), 0);
	assert_int_equal(server_pid(folder), pid);
	assert_int_equal(promo_embedded_stop(embedded), 0);
	assert_int_equal(server_pid(folder), 0);
}

static void test_server_killed(void **state)
{
	const char *folder = *state;
	struct promo_embedded *embedded = start(folder);
	pid_t pid;

	assert_non_null(embedded);
	ask(promo_embedded_owner_uri(embedded), "CREATE TABLE kept AS SELECT 42 AS a");
	pid = server_pid(folder);
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (server_pid(folder) == pid)
		assert_int_equal(promo_embedded_ensure(embedded), 0);
	assert_int_equal(ask(promo_embedded_owner_uri(embedded), "SELECT a FROM kept"), 42);
	assert_int_equal(promo_embedded_stop(embedded), 0);
}

static void test_guest(void **state)
{
	const char *folder = *state;
	struct promo_embedded *owner = start(folder);
	pid_t guest;
	int status = 0;

	assert_non_null(owner);
	guest = fork();
	assert_true(guest >= 0);
	if (guest == 0) {
		struct promo_embedded *embedded = start(folder);

		_exit(!embedded || promo_embedded_owned(embedded) ||
			promo_embedded_ensure(embedded) ||
			ask(promo_embedded_owner_uri(embedded), "SELECT 7") != 7 ||
			promo_embedded_stop(embedded));
	}
	assert_int_equal(waitpid(guest, &status, 0), guest);
	assert_int_equal(status, 0);
	assert_int_equal(ask(promo_embedded_owner_uri(owner), "SELECT 7"), 7);
	assert_int_equal(promo_embedded_stop(owner), 0);
}

/* An administrator was faster than the daemon, which is his guest, and stops the server behind him:
 * the daemon goes on with one of its own. */
static void test_guest_outlives_owner(void **state)
{
	const char *folder = *state;
	struct promo_embedded *owner = start(folder), *guest = start(folder);

	assert_non_null(owner);
	assert_non_null(guest);
	ask(promo_embedded_owner_uri(owner), "CREATE TABLE kept AS SELECT 42 AS a");
	assert_false(promo_embedded_owned(guest));
	assert_int_equal(promo_embedded_ensure(guest), 0);
	assert_false(promo_embedded_owned(guest));
	assert_int_equal(promo_embedded_stop(owner), 0);
	assert_int_equal(promo_embedded_ensure(guest), 0);
	assert_true(promo_embedded_owned(guest));
	assert_int_equal(ask(promo_embedded_owner_uri(guest), "SELECT a FROM kept"), 42);
	assert_int_equal(promo_embedded_stop(guest), 0);
	assert_int_equal(server_pid(folder), 0);
}

/* The number that a dead server left belongs to another process: to this test. */
static void test_number_in_use(void **state)
{
	const char *folder = *state;
	struct promo_embedded *embedded = start(folder);
	char path[128];
	FILE *file;

	assert_non_null(embedded);
	assert_int_equal(promo_embedded_stop(embedded), 0);
	(void)snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", folder);
	file = fopen(path, "we");
	assert_non_null(file);
	(void)fprintf(
		file, "%ld\n%s/postgres\n0\n5432\n%s/socket\n\n", (long)getppid(), folder, folder);
	(void)fclose(file);
	embedded = start(folder);
	assert_non_null(embedded);
	assert_int_equal(promo_embedded_stop(embedded), 0);
}

static void assert_refused(const struct promo_embedded_config *config, const char *message)
{
	struct promo_embedded *embedded = NULL;

	promo_test_log_keep();
	assert_true(promo_embedded_start(config, &embedded) < 0);
	assert_null(embedded);
	if (!promo_test_logged(message))
		promo_test_log_show();
	assert_true(promo_test_logged(message));
}

static void test_refusals(void **state)
{
	const char *folder = *state;
	struct promo_embedded_config config = { .state_dir = folder };
	char path[256];
	FILE *file;

	config.bin_dir = "/nonexistent";
	assert_refused(&config, "could not find initdb and postgres in /nonexistent");
	config.bin_dir = NULL;

	(void)snprintf(path, sizeof(path), "%s/%0120d", folder, 0);
	config.state_dir = path;
	assert_refused(&config, "longer than 107 bytes");

	config.state_dir = "/nonexistent/state";
	assert_refused(&config, "could not make the folder");

	config.state_dir = "/";
	assert_refused(&config, "has to be a folder that belongs to us");

	config.state_dir = folder;
	(void)snprintf(path, sizeof(path), "%s/postgres", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/postgres/PG_VERSION", folder);
	file = fopen(path, "we");
	assert_non_null(file);
	(void)fputs("9\n", file);
	(void)fclose(file);
	assert_refused(&config, "needs 9");
}

static int refuse_as_root(void)
{
	const struct promo_embedded_config config = { .state_dir = "/tmp/promo-never" };
	struct promo_embedded *embedded = NULL;

	promo_test_log_keep();
	return promo_embedded_start(&config, &embedded) < 0 &&
			       promo_test_logged("does not run as root") &&
			       access("/tmp/promo-never", F_OK)
		       ? 0
		       : -1;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),
		TEST(test_daemon_killed),
		TEST(test_server_killed),
		TEST(test_guest),
		TEST(test_guest_outlives_owner),
		TEST(test_number_in_use),
		TEST(test_refusals),
	};

	if (geteuid() == 0 && refuse_as_root()) {
		(void)fputs("root was not refused\n", stderr);
		return 1;
	}
	if (promo_test_drop_root())
		return 1;
	return cmocka_run_group_tests_name("store/embedded", tests, NULL, NULL);
}
