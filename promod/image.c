/* SPDX-License-Identifier: MIT */
#include "promod/image.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#define INSTALLED PROMO_LIBEXEC_DIR "/promo-image"

const char *promod_image_decoder(struct promo_arena *arena)
{
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *beside;
	char *slash;

	if (size > 0) {
		self[size] = '\0';
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		beside = promo_arena_printf(arena, "%s/promo-image", self);
		if (beside && access(beside, X_OK) == 0)
			return beside;
	}
	return access(INSTALLED, X_OK) == 0 ? INSTALLED : NULL;
}
