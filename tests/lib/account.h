/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* Tests run as root in containers and as anybody elsewhere; PostgreSQL does not run as root. */

/* Where we are root, goes on as the account "postgres" or "nobody" for good. 0, or -1 after saying
 * why not on stderr. */
int promo_test_drop_root(void);
enum {
	PROMO_TEST_PATH_SIZE = 64 /* what stands in it has to fit in the address of a socket */
};

/* An empty private folder, in PROMO_TEST_FOLDER, which scripts/with-postgres sets, or in /tmp. Says on
 * stderr why it cannot be. */
bool promo_test_folder_at(char ret_path[PROMO_TEST_PATH_SIZE]);
/* The same; the caller frees the text. */
char *promo_test_folder(void);
void promo_test_folder_remove(char *folder); /* with all that is in it, and the text */
