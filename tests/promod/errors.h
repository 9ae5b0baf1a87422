/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/ops/till.h"
#include "tests/promod/api.h"

/* Refusals that rows list, for test_errors.c: each makes every one of some rows come. `token` is a
 * super-admin's, the till is on the daemon's database. */

/* Of batches and what is done with them. */
void errors_batches(struct api *api, struct till *till, const char *token);
/* Of changes of batches and codes, one or many, and of settings. */
void errors_changes(struct api *api, struct till *till, const struct person *boss);
/* Of codes that are verified, redeemed and reported. */
void errors_redemptions(struct api *api, struct till *till, const struct person *boss);
/* Of cases that are worked on. */
void errors_cases(struct api *api, struct till *till, const struct person *boss);
/* Of users, roles and what waits for approval. */
void errors_people(struct api *api, struct till *till, const struct person *boss);
/* Of alerts. */
void errors_alerts(struct api *api, const char *token);
/* Of webhooks and of messages that are tried out. */
void errors_messages(struct api *api, const char *token);
/* Of passwords that were forgotten, and of people who register. */
void errors_passwords(struct api *api, struct till *till, const struct person *boss);
/* Of streams of events. */
void errors_events(struct api *api, struct till *till);
/* Of backups. */
void errors_backups(struct api *api, const char *token);
void errors_settings(struct api *api, const char *token);
