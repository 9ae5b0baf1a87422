/* SPDX-License-Identifier: MIT */
#include "tests/lib/account.h"

#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int promo_test_drop_root(void)
{
	const struct passwd *account;

	if (geteuid() != 0)
		return 0;
	account = getpwnam("postgres");
	if (!account)
		account = getpwnam("nobody");
	if (!account || setgroups(0, NULL) || setgid(account->pw_gid) || setuid(account->pw_uid)) {
		perror("could not become postgres or nobody");
		return -1;
	}
	return 0;
}

const char *promo_test_place(void)
{
	const char *place = getenv("PROMO_TEST_FOLDER");

	return place ? place : "/tmp";
}

char *promo_test_folder(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/promo-test.XXXXXX", promo_test_place());
	return mkdtemp(path) ? strdup(path) : NULL;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

void promo_test_folder_remove(char *folder)
{
	if (folder)
		(void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(folder);
}
