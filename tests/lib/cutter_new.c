/* SPDX-License-Identifier: MIT */
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/lib/cutter.h"

/* A value of a connection URI. */
static void option_of(const char *uri, const char *keyword, char *ret, size_t size)
{
	PQconninfoOption *options = PQconninfoParse(uri, NULL);

	ret[0] = '\0';
	for (PQconninfoOption *option = options; option && option->keyword; option++)
		if (strcmp(option->keyword, keyword) == 0 && option->val)
			(void)snprintf(ret, size, "%s", option->val);
	PQconninfoFree(options);
}

struct cutter *cutter_new(const struct promo_test_database *database)
{
	char folder[] = "/tmp/promo-cutter.XXXXXX";
	char host[100], port[8], server[128], uri[256];
	struct cutter *cutter;

	option_of(database->app_uri, "host", host, sizeof(host));
	option_of(database->app_uri, "port", port, sizeof(port));
	(void)snprintf(server, sizeof(server), "%s/.s.PGSQL.%s", host, *port ? port : "5432");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	(void)snprintf(uri, sizeof(uri), "postgresql:///%s?user=promo_app&port=5432&host=%s",
		database->name, folder);
	cutter = cutter_open(folder, server, uri);
	assert_non_null(cutter);
	return cutter;
}

void cutter_free(struct cutter *cutter)
{
	char folder[128];

	option_of(cutter_uri(cutter), "host", folder, sizeof(folder));
	cutter_close(cutter);
	(void)rmdir(folder);
}
