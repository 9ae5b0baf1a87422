/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/error.h"

/*
 * A PostgreSQL server of our own, for who has set up none: a cluster in the state directory, with
 * checksums, reached only over a unix socket in a private folder and only by the account that we
 * run as (peer authentication). The server is a session of its own: it survives a daemon that is
 * killed, the next start finds it and goes on with it, and a daemon that ends in order stops it.
 *
 *   STATE/postgres      the cluster      STATE/postgres.log  what the server says
 *   STATE/socket        its socket       STATE/postgres.lock held by the process that owns it
 *
 * One process owns the server; others, such as `promod admin`, may use it meanwhile as guests. A
 * guest that looks after the server (promo_embedded_ensure) is the next owner.
 */

PROMO_BEGIN_DECLS

struct promo_embedded;

struct promo_embedded_config {
	const char
		*state_dir;  /* made with mode 0700 where it is missing; its parent has to exist */
	const char *bin_dir; /* of initdb and postgres; NULL: the usual places, then `path` */
	const char *path;    /* folders with ':' between them, as in PATH; NULL: none */
};

/* Makes the cluster where there is none, starts its server or finds the running one, waits until it
 * takes connections and makes sure that the database `promo` exists. A fault says what could not be
 * done: we are root, no PostgreSQL is installed, the cluster belongs to another major version, the
 * path of the socket would be longer than 107 bytes, the server did not start (and where its log
 * is). Blocks for the time of a crash recovery, at most 10 minutes. */
int promo_embedded_start(
	const struct promo_embedded_config *config, struct promo_embedded **ret) PROMO_CHECK;

/* For migrations, for everything else, and for jobs where foreign keys are checked set-wise. */
const char *promo_embedded_owner_uri(const struct promo_embedded *embedded);
const char *promo_embedded_app_uri(const struct promo_embedded *embedded);
const char *promo_embedded_loader_uri(const struct promo_embedded *embedded);

/* False: another process owns the server, and will stop it when it ends. */
bool promo_embedded_owned(const struct promo_embedded *embedded);

/* Starts the server again if it has died meanwhile. A guest becomes the owner once there is none, and
 * starts the server that the owner has stopped. */
int promo_embedded_ensure(struct promo_embedded *embedded) PROMO_CHECK;

/* Stops the server in order (connections are ended, everything is on disk afterwards) and frees;
 * a guest only frees. A fault if it is still running after a minute. NULL is fine. */
int promo_embedded_stop(struct promo_embedded *embedded);

PROMO_END_DECLS
