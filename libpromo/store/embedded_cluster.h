/* SPDX-License-Identifier: MIT */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "libpromo/base/error.h"
#include "libpromo/store/embedded.h"

/* What lies on disk: the programs of PostgreSQL, the cluster, who may connect. */

struct promo_cluster {
	char state_dir[PATH_MAX];
	char data_dir[PATH_MAX];
	char socket_dir[PATH_MAX];
	char log_path[PATH_MAX];
	char bin_dir[PATH_MAX];
};

/* Names of the paths, makes the folders; does not look for programs yet. */
int promo_cluster_init(struct promo_cluster *cluster, const char *state_dir) PROMO_CHECK;
/* The programs that fit the cluster, or the newest ones where there is none yet. */
int promo_cluster_find_programs(
	struct promo_cluster *cluster, const struct promo_embedded_config *config) PROMO_CHECK;
/* The programs of a client for a server of this major version; bin_dir may be NULL. PROMO_E_NOT_FOUND, logged,
 * if there are none. */
int promo_cluster_find_clients(const char *bin_dir, int major, char ret[PATH_MAX]) PROMO_CHECK;
/* Makes the cluster unless there is one, and writes down who may connect. */
int promo_cluster_make(const struct promo_cluster *cluster) PROMO_CHECK;
/* The log of the server, open for appending. */
int promo_cluster_open_log(const struct promo_cluster *cluster, int *ret) PROMO_CHECK;
