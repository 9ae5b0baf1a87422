/* SPDX-License-Identifier: MIT */
#include "tests/store/bound.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static PGconn *connection;

int bound_setup(void **state)
{
	(void)state;
	connection = PQconnectdb(getenv("PROMO_TEST_DATABASE"));
	return PQstatus(connection) == CONNECTION_OK ? 0 : -1;
}

int bound_teardown(void **state)
{
	(void)state;
	PQfinish(connection);
	return 0;
}

bool bound_holds(const struct promo_params *params, const char *sql)
{
	PGresult *result =
		PQexecParams(connection, sql, params->count, NULL, params->values, NULL, NULL, 0);
	bool yes = PQntuples(result) == 1 && PQgetvalue(result, 0, 0)[0] == 't';

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		print_error("%s", PQerrorMessage(connection));
	PQclear(result);
	return yes;
}
