/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/uuid.h"

/*
 * What the threads of all job engines of a process share: where they wait for news, which jobs they
 * have in hand, and the bells (jobs_bell.h) that tell other processes. Not installed.
 */

PROMO_BEGIN_DECLS

/* A job in the hands of a thread. */
struct promo_job_place {
	struct promo_job_place *next;
	const void *engine;
	const char *job_id;
	atomic_bool unwanted; /* stop in the middle of the step: look what is wanted now */
	bool told;            /* of the wish to cancel it */
};
void promo_hub_enter(struct promo_job_place *place);
void promo_hub_leave(struct promo_job_place *place);
/* Interrupts the steps of an engine. */
void promo_hub_interrupt(const void *engine);
/* Interrupts the step of a job that is to be cancelled; once, since what comes then is wanted. */
void promo_hub_cancel(const char *job_id);
enum {
	PROMO_HUB_JOBS_MAX = 64
};
/* Jobs in hand that nobody wished away so far; how many. */
size_t promo_hub_jobs(char (*ret)[PROMO_UUID_SIZE], size_t max);

/* How often there were news. */
uint64_t promo_hub_seen(void);
/* There are news in this process; the bells are not rung. */
void promo_hub_wake(void);
/* Waits for news since `seen`, for the end, or for at most timeout_ms. */
void promo_hub_wait(const bool *stopping, uint64_t seen, int timeout_ms);
/* The end, and whether it has come. */
void promo_hub_stop(bool *stopping);
bool promo_hub_stopping(const bool *stopping);

/* The descriptor is written to (an eventfd) whenever somebody calls promo_jobs_wake(). False where
 * there are too many already. */
bool promo_hub_add_bell(int fd);
void promo_hub_remove_bell(int fd);

PROMO_END_DECLS
