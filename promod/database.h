/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/run.h"
#include "promod/config.h"

/*
 * The database of this program: the configured one, or a server of our own. Brought to the schema of
 * the program as far as we may, and compared with it in any case.
 */

struct promod_database;

/* Has to run as the account that it will run as later, and the state directory has to be there. What
 * goes wrong is logged. */
int promod_database_open(
	const struct promod_config *config, struct promod_database **ret) PROMO_CHECK;

/* Compares every statement with the database: after migrating. */
int promod_database_check(const struct promod_database *database) PROMO_CHECK;

/* Applies what is missing; *ret_applied (may be NULL) tells how many. PROMO_E_INVALID_INPUT if we are not told
 * how to connect as the owner. */
int promod_database_migrate(const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, int *ret_applied) PROMO_CHECK;
bool promod_database_can_migrate(const struct promod_database *database);

/* Of the role that loads codes; NULL where the configuration wants none. */
const char *promod_database_loader(const struct promod_database *database);
/* As the owner, NULL where we are not told how to connect. */
const char *promod_database_owner(const struct promod_database *database);
/* Whether the server is our own. */
bool promod_database_embedded(const struct promod_database *database);
const char *promod_database_uri(const struct promod_database *database);

/* Looks after a server of our own from a thread: starts it again if it dies. */
int promod_database_watch(struct promod_database *database) PROMO_CHECK;

/* Stops a server of our own in order. NULL is fine. */
void promod_database_close(struct promod_database *database);
