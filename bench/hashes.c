/* SPDX-License-Identifier: MIT */
/*
 * The floor of signing in: passwords verified one after the other on N threads, with nothing around
 * it. Prints one line of name=value for bench/login.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "libpromo/base/password.h"
#include "libpromo/base/time.h"

enum {
	THREADS_MAX = 64,
	SECONDS_MAX = 3600
};

static char hash[PROMO_PASSWORD_HASH_SIZE];
static int64_t until_ms;

static void *verify(void *context)
{
	long *count = context;

	while (promo_monotonic_ms() < until_ms) {
		if (promo_password_verify(hash, "correct horse battery")) {
			(void)fprintf(stderr, "hashes: a password was not verified\n");
			exit(1);
		}
		(*count)++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const long threads = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	const long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	pthread_t ids[THREADS_MAX];
	long counts[THREADS_MAX] = { 0 }, all = 0;

	if (threads < 1 || threads > THREADS_MAX || seconds < 1 || seconds > SECONDS_MAX) {
		(void)fprintf(stderr, "usage: hashes THREADS SECONDS\n");
		return 2;
	}
	if (promo_password_hash("correct horse battery", hash))
		return 1;
	until_ms = promo_monotonic_ms() + 1000 * seconds;
	for (long i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, verify, &counts[i]))
			return 1;
	for (long i = 0; i < threads; i++) {
		(void)pthread_join(ids[i], NULL);
		all += counts[i];
	}
	(void)printf("hashes=%ld rate_100=%ld\n", all, 100 * all / seconds);
	return 0;
}
