/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/types.h>

#include "libpromo/ops/courier.h"
#include "tests/ops/till.h"

/*
 * A real HTTP server for tests, httpd.py, as a process of its own: what it was sent lies in its folder.
 * Its script is found in PROMO_TEST_HTTPD, which the build sets.
 */

struct receiver {
	pid_t pid;
	int port;
	char folder[64];
	char *text; /* of the last request that was read */
};

/* Starts it and waits until it serves. */
void receiver_open(struct receiver *receiver);
void receiver_close(struct receiver *receiver);

/* Tells it the secret that it checks signatures by. */
void receiver_know(const struct receiver *receiver, const char *secret);

/* How many requests it was sent, and one of them, from 1; good until the next one is read. */
int receiver_count(const struct receiver *receiver);
const char *receiver_request(struct receiver *receiver, int number);

/* A group's setup and teardown: *state is a stage, with a fresh database. */
struct receiver_stage {
	struct till *till;
	struct receiver receiver;
	struct person boss; /* a super-admin */
};
int receiver_setup(void **state);
int receiver_teardown(void **state);

/* A courier that loses no time, on the database of a till and by its configuration. */
struct promo_courier *receiver_courier(struct till *till);
/* Sets a setting of the category notifications; the value is JSON. */
void receiver_set(struct till *till, const char *key, const char *value);
/* Waits until a condition of SQL holds; fails the test where it never does. */
void receiver_wait(struct till *till, const char *condition);
