/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/role_name.h"

#include <string.h>

enum {
	NAME_LEAST = 2,
	NAME_MOST = 30 /* less than an id has */
};

bool promo_role_name_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const size_t length = strlen(name);

	return length >= NAME_LEAST && length <= NAME_MOST && strspn(name, all) == length &&
	       strchr(letters, name[0]) && name[length - 1] != '-' && !strstr(name, "--");
}
