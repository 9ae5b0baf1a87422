/* SPDX-License-Identifier: MIT */
#pragma once

/* Tests run as root in containers and as anybody elsewhere; PostgreSQL does not run as root. */

/* Where we are root, goes on as the account "postgres" or "nobody" for good. 0, or -1 after saying
 * why not on stderr. */
int promo_test_drop_root(void);
/* Where what tests make is kept: PROMO_TEST_FOLDER, which scripts/test-folder chooses, or /tmp. */
const char *promo_test_place(void);
/* An empty private folder with a short path; the caller frees the text. */
char *promo_test_folder(void);
void promo_test_folder_remove(char *folder); /* with all that is in it, and the text */
