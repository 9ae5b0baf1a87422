/* SPDX-License-Identifier: MIT */
#include "tests/lib/log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/log.h"

enum {
	KEPT_MAX = 1 << 18
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char kept[KEPT_MAX];
static size_t used;

static void keep(enum promo_log_level level, const char *line)
{
	int length;

	(void)pthread_mutex_lock(&lock);
	length = snprintf(kept + used, sizeof(kept) - used, "<%d>%s\n", (int)level, line);
	if (length > 0 && (size_t)length < sizeof(kept) - used)
		used += (size_t)length;
	(void)pthread_mutex_unlock(&lock);
}

void promo_test_log_keep(void)
{
	(void)pthread_mutex_lock(&lock);
	used = 0;
	kept[0] = '\0';
	(void)pthread_mutex_unlock(&lock);
	promo_log_set_sink(keep);
}

bool promo_test_logged(const char *text)
{
	bool found;

	(void)pthread_mutex_lock(&lock);
	found = strstr(kept, text) != NULL;
	(void)pthread_mutex_unlock(&lock);
	return found;
}

void promo_test_log_show(void)
{
	(void)pthread_mutex_lock(&lock);
	(void)fputs(kept, stderr);
	(void)pthread_mutex_unlock(&lock);
}
