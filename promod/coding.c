/* SPDX-License-Identifier: MIT */
#include "promod/coding.h"

#include <string.h>
#include <strings.h>

/* Whether the parameters behind a coding give it the weight 0: "q=0", "q=0.000". */
static bool is_refused(const char *parameters, size_t length)
{
	const char *end = parameters + length, *at = parameters;

	while (at < end && (*at == ';' || *at == ' ' || *at == '\t'))
		at++;
	if (end - at < 3 || strncasecmp(at, "q=", 2) != 0)
		return false;
	for (at += 2; at < end && *at != ' ' && *at != '\t' && *at != ';'; at++)
		if (*at != '0' && *at != '.')
			return false;
	return true;
}

bool promod_takes_gzip(const char *accept_encoding)
{
	bool named = false, any = false;

	if (!accept_encoding)
		return false;
	for (const char *at = accept_encoding; *at;) {
		size_t whole, name;

		at += strspn(at, ", \t");
		whole = strcspn(at, ",");
		name = strcspn(at, ",; \t");
		if ((name == 4 && strncasecmp(at, "gzip", 4) == 0) ||
			(name == 6 && strncasecmp(at, "x-gzip", 6) == 0)) {
			if (is_refused(at + name, whole - name))
				return false;
			named = true;
		} else if (name == 1 && *at == '*') {
			any = !is_refused(at + 1, whole - 1);
		}
		at += whole;
	}
	return named || any;
}
