/* SPDX-License-Identifier: MIT */
#pragma once

#include <ftw.h>
#include <stdio.h>

/* Removes a folder of a test with all below it. */

static inline int folder_remove_one(
	const char *path, const struct stat *stat, int type, struct FTW *walk)
{
	(void)stat;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void folder_remove(const char *folder)
{
	(void)nftw(folder, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
