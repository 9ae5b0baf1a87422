/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/problem.h"
#include "promod/config.h"

/*
 * What the owner of the database does from time to time: the parts of the audit trail (ops/sealer_parts.h). A
 * daemon that can connect as the owner does it by itself, every hour; else `promod maintain`, from cron.
 */

struct promo_runner_config;
struct promod_database;
struct promod_upkeep;

/* `promod maintain`: does it once, and says what it did. PROMO_E_INVALID_INPUT: we are not told how to connect as
 * the owner. */
int promod_maintain(const struct promod_config *config, const char *version,
	struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;

/* A thread that does it, which both outlive; *ret is NULL where we are not told how to connect as the owner. */
int promod_upkeep_start(const struct promo_runner_config *runner,
	const struct promod_database *database, struct promod_upkeep **ret) PROMO_CHECK;
void promod_upkeep_stop(struct promod_upkeep *upkeep); /* NULL is fine */
