/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * A PostgreSQL database for one test program, on the server that scripts/with-postgres started (the
 * build runs such tests through it). The first program that asks migrates a template; every other
 * database is a copy of it, which takes some 50 ms.
 */

struct promo_test_database {
	char name[64];
	char owner_uri[512]; /* as promo_owner, who may do everything */
	char app_uri[512];   /* as promo_app, the role of the daemon */
};

/* A migrated database, and one without any table; NULL after saying why not on stderr. */
struct promo_test_database *promo_test_database_new(void);
struct promo_test_database *promo_test_database_new_empty(void);
/* Drops it, whoever is still connected. NULL is fine. */
void promo_test_database_free(struct promo_test_database *database);

/* The same for a group of tests: *state is the struct promo_test_database. */
int promo_test_database_setup(void **state);
int promo_test_database_teardown(void **state);

/* Runs SQL as the owner, on a connection of this thread that is as a new one, and gives the first value of the first row, ""
 * for null or none; good until the next call of this thread. Fails the test if the SQL fails. */
const char *promo_test_sql(const struct promo_test_database *database, const char *format, ...)
	PROMO_PRINTF(2, 3);
