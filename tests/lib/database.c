/* SPDX-License-Identifier: MIT */
#include "tests/lib/database.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/base/log.h"
#include "libpromo/store/migrate.h"
#include "tests/lib/log.h"

enum {
	SQL_MAX = 32 * 1024,
	VALUE_MAX = 8192
};

static void say(const char *what, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", what, why);
}

static const char *server(void)
{
	const char *uri = getenv("PROMO_TEST_DATABASE");

	if (!uri)
		say("there is no PostgreSQL for this test", "run it through scripts/with-postgres");
	return uri;
}

/* The URI of another database and role on the same server. */
static void uri_of(const char *uri, const char *database, const char *user, char *ret, size_t size)
{
	PQconninfoOption *options = PQconninfoParse(uri, NULL);
	int length = snprintf(ret, size, "postgresql:///%s?user=%s", database, user);

	for (PQconninfoOption *option = options; option && option->keyword; option++)
		if (option->val && strcmp(option->keyword, "dbname") != 0 &&
			strcmp(option->keyword, "user") != 0)
			length += snprintf(ret + length, size - (size_t)length, "&%s=%s",
				option->keyword, option->val);
	PQconninfoFree(options);
}

/* NULL on failure, which is said; else the first value. */
static const char *run(PGconn *connection, const char *sql, char value[VALUE_MAX])
{
	PGresult *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		say(sql, PQerrorMessage(connection));
		PQclear(result);
		return NULL;
	}
	(void)snprintf(value, VALUE_MAX, "%s",
		PQntuples(result) > 0 && PQnfields(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return value;
}

static void ignore(void *argument, const char *message)
{
	(void)argument;
	(void)message;
}

/* Migrates the template unless it is there; the caller holds the lock. */
static int make_template(PGconn *connection, const char *uri)
{
	static const char exists[] =
		"SELECT datname FROM pg_database WHERE datname = 'promo_template'"
		" AND datistemplate";
	struct promo_migrate_config config = { .app_login = true };
	char value[VALUE_MAX], template_uri[512];
	int r;

	if (!run(connection, exists, value))
		return -1;
	if (value[0])
		return 0;
	uri_of(uri, "promo_template", "promo_owner", template_uri, sizeof(template_uri));
	config.uri = template_uri;
	promo_test_log_keep();
	if (!run(connection, "DROP DATABASE IF EXISTS promo_template", value) ||
		!run(connection, "CREATE DATABASE promo_template", value))
		return -1;
	r = promo_migrate(&config, NULL);
	promo_log_set_sink(NULL);
	if (r) {
		say("could not migrate", template_uri);
		promo_test_log_show();
		return -1;
	}
	return run(connection, "ALTER DATABASE promo_template IS_TEMPLATE true", value) ? 0 : -1;
}

static int create(PGconn *connection, const char *uri, const char *name, const char *template)
{
	char sql[SQL_MAX], value[VALUE_MAX];
	int r;

	if (strcmp(template, "promo_template") == 0) {
		if (!run(connection, "SELECT pg_advisory_lock(4711)", value))
			return -1;
		r = make_template(connection, uri);
		if (!run(connection, "SELECT pg_advisory_unlock(4711)", value) || r)
			return -1;
	}
	(void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", name, template);
	return run(connection, sql, value) ? 0 : -1;
}

static struct promo_test_database *database_new(const char *template)
{
	static atomic_int number;
	const char *uri = server();
	struct promo_test_database *database;
	PGconn *connection;
	int r = -1;

	if (!uri)
		return NULL;
	database = calloc(1, sizeof(*database));
	connection = PQconnectdb(uri);
	PQsetNoticeProcessor(connection, ignore, NULL);
	if (database && PQstatus(connection) == CONNECTION_OK) {
		(void)snprintf(database->name, sizeof(database->name), "test_%d_%d", (int)getpid(),
			atomic_fetch_add(&number, 1));
		uri_of(uri, database->name, "promo_owner", database->owner_uri,
			sizeof(database->owner_uri));
		uri_of(uri, database->name, "promo_app", database->app_uri,
			sizeof(database->app_uri));
		r = create(connection, uri, database->name, template);
	} else {
		say("could not connect", PQerrorMessage(connection));
	}
	PQfinish(connection);
	if (r) {
		free(database);
		database = NULL;
	}
	return database;
}

/*
 * The connection that a thread asks by, kept from one question to the next: to make one takes ten times
 * as long as what is asked by it. It is as good as a new one, or there is a new one.
 */

struct kept {
	PGconn *connection;
	pid_t process; /* whose it is: a child must not say anything on it */
	char database[64];
};

static pthread_once_t kept_once = PTHREAD_ONCE_INIT;
static pthread_key_t kept_key;

static void drop(void *argument)
{
	struct kept *kept = argument;

	if (kept->process == getpid())
		PQfinish(kept->connection);
	free(kept);
}

/* The main thread's is ended by the end of the process. */
static void make_key(void)
{
	if (pthread_key_create(&kept_key, drop) != 0)
		abort();
}

static void forget(void)
{
	struct kept *kept;

	(void)pthread_once(&kept_once, make_key);
	kept = pthread_getspecific(kept_key);
	(void)pthread_setspecific(kept_key, NULL);
	if (kept)
		drop(kept);
}

static bool does(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	const ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Whether it is one of this process, to this database, and still there, with nothing left over: also what
 * it read and wrote until now is counted, as it is when a connection ends. */
static bool is_fresh(const struct kept *kept, const struct promo_test_database *database)
{
	return kept && kept->process == getpid() && strcmp(kept->database, database->name) == 0 &&
	       PQtransactionStatus(kept->connection) == PQTRANS_IDLE &&
	       does(kept->connection, "SELECT pg_stat_force_next_flush()") &&
	       does(kept->connection, "DISCARD ALL");
}

static PGconn *connection_to(const struct promo_test_database *database)
{
	struct kept *kept;

	(void)pthread_once(&kept_once, make_key);
	kept = pthread_getspecific(kept_key);
	if (is_fresh(kept, database))
		return kept->connection;
	forget();
	kept = calloc(1, sizeof(*kept));
	assert_non_null(kept);
	kept->connection = PQconnectdb(database->owner_uri);
	kept->process = getpid();
	(void)snprintf(kept->database, sizeof(kept->database), "%s", database->name);
	(void)pthread_setspecific(kept_key, kept);
	return kept->connection;
}

struct promo_test_database *promo_test_database_new(void)
{
	return database_new("promo_template");
}

struct promo_test_database *promo_test_database_new_empty(void)
{
	return database_new("template0");
}

void promo_test_database_free(struct promo_test_database *database)
{
	char sql[SQL_MAX], value[VALUE_MAX];
	PGconn *connection;

	if (!database)
		return;
	forget();
	connection = PQconnectdb(server());
	(void)snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", database->name);
	(void)run(connection, sql, value);
	PQfinish(connection);
	free(database);
}

int promo_test_database_setup(void **state)
{
	*state = promo_test_database_new();
	return *state ? 0 : -1;
}

int promo_test_database_teardown(void **state)
{
	promo_test_database_free(*state);
	*state = NULL;
	return 0;
}

const char *promo_test_sql(const struct promo_test_database *database, const char *format, ...)
{
	static _Thread_local char value[VALUE_MAX];
	char sql[SQL_MAX];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(sql, sizeof(sql), format, arguments);
	va_end(arguments);
	if (!run(connection_to(database), sql, value)) {
		forget();
		fail();
	}
	return value;
}
