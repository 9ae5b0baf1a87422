/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * A real mail server for tests, smtpd.py, as a process of its own: what it took lies in its folder. Its
 * script is found in PROMO_TEST_SMTPD, which the build sets.
 */

struct office {
	pid_t pid;
	int port;
	char folder[64];
	char ca_file[96]; /* with tls: what vouches for it */
	char *text;       /* of the last mail that was read */
};

/* Starts it and waits until it serves. `auth`: "user:password", or NULL. */
void office_open(struct office *office, bool tls, const char *auth);
void office_close(struct office *office);

/* How many mails it has taken. */
int office_count(const struct office *office);
/* Mail number `number`, from 1, as smtpd.py tells of it; good until the next one is read. */
const char *office_mail(struct office *office, int number);
/* How many of them say this. */
int office_count_saying(struct office *office, const char *text);
/* Whether mails to `hold` get no answer. */
void office_hold(const struct office *office, bool hold);
