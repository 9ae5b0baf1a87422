/* SPDX-License-Identifier: MIT */
#include "tests/lib/account.h"

#include <errno.h>
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

static const char *place(void)
{
	const char *folder = getenv("PROMO_TEST_FOLDER");

	return folder && folder[0] ? folder : "/tmp";
}

bool promo_test_folder_at(char ret_path[PROMO_TEST_PATH_SIZE])
{
	const int length =
		snprintf(ret_path, PROMO_TEST_PATH_SIZE, "%s/promo-test-XXXXXX", place());

	if (length < PROMO_TEST_PATH_SIZE && mkdtemp(ret_path))
		return true;
	(void)fprintf(stderr, "could not make a folder in %s: %s\n", place(),
		length < PROMO_TEST_PATH_SIZE ? strerror(errno)
					      : "too long a path for sockets in it");
	return false;
}

char *promo_test_folder(void)
{
	char path[PROMO_TEST_PATH_SIZE];

	if (!promo_test_folder_at(path))
		return NULL;
	return strdup(path);
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
