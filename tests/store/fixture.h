/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/store/rows.h"
#include "libpromo/store/store.h"
#include "tests/lib/database.h"
#include "tests/lib/log.h"

/*
 * Statements of the migrations serve as guinea pigs, since they stand on a table of their own:
 * MIGRATION_INSERT writes (version, name, checksum), MIGRATION_LIST reads. A trigger raises what
 * the name asks for: "raise SQLSTATE CONSTRAINT", "sleep SECONDS", "warn TEXT", "forget" what was
 * prepared; "late" does so at the commit.
 */

struct fixture {
	struct promo_test_database *database;
	struct promo_store *store;
	struct promo_arena *arena;
	int64_t version; /* of the row inserted last */
};

int fixture_setup(void **state);
int fixture_teardown(void **state);
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

/* A store of the fixture's database; options go behind its URI. */
struct promo_store *open_with(
	const struct promo_test_database *database, const char *options, bool no_prepare);
/* Runs MIGRATION_INSERT, with a version of its own or with this one. */
int insert(struct fixture *fixture, const char *name);
int insert_version(const struct fixture *fixture, struct promo_store *store, int64_t version,
	const char *name);
/* Runs MIGRATION_LIST; *ret (may be NULL) is the number of rows. */
int list(const struct fixture *fixture, struct promo_store *store, size_t *ret);

/* Every connection to the database of the fixture, ended by the server. */
void terminate(const struct fixture *fixture);
/* Those that wait for a lock, and not who holds it: else they might have it before they end. */
void terminate_waiting(const struct fixture *fixture);

void assert_failure(const struct fixture *fixture, enum promo_store_failure failure);
/* The store rolls back and works. */
void assert_usable(struct fixture *fixture);
