/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/arena.h"
#include "tests/promo-tui/canned.h"

enum {
	BYTES_MAX = 1024 * 1024,
	PROFILES_MAX = 8
};

struct canned_profiles {
	struct tui_profiles base; /* first */
	struct promo_arena *arena;
	struct tui_profile rows[PROFILES_MAX];
	size_t count;
};

static size_t count_rows(const struct tui_profiles *base)
{
	return ((const struct canned_profiles *)base)->count;
}

static struct tui_profile get_row(const struct tui_profiles *base, size_t index)
{
	return ((const struct canned_profiles *)base)->rows[index];
}

static struct tui_profile copied(struct promo_arena *arena, const struct tui_profile *profile)
{
	return (struct tui_profile){
		.name = promo_arena_strdup(arena, profile->name),
		.server = promo_arena_strdup(arena, profile->server),
		.user = promo_arena_strdup(arena, profile->user),
		.token = promo_arena_strdup(arena, profile->token),
	};
}

static int save_row(struct tui_profiles *base, size_t index, const struct tui_profile *profile)
{
	struct canned_profiles *profiles = (struct canned_profiles *)base;

	profiles->rows[index] = copied(profiles->arena, profile);
	return 0;
}

static int forget_row(struct tui_profiles *base, size_t index)
{
	((struct canned_profiles *)base)->rows[index].token = NULL;
	return 0;
}

static const char *or_null(const char *text)
{
	return strcmp(text, "-") == 0 ? NULL : text;
}

bool canned_profiles_add(struct canned_profiles *profiles, const char *name, const char *server,
	const char *user, const char *token)
{
	const struct tui_profile profile = {
		.name = name,
		.server = or_null(server),
		.user = or_null(user),
		.token = or_null(token),
	};

	if (profiles->count == PROFILES_MAX)
		return false;
	profiles->rows[profiles->count++] = copied(profiles->arena, &profile);
	return true;
}

int canned_profiles_new(struct canned_profiles **ret)
{
	struct canned_profiles *profiles = calloc(1, sizeof(*profiles));

	if (!profiles)
		return -1;
	profiles->arena = promo_arena_new(BYTES_MAX);
	profiles->base = (struct tui_profiles){
		.count = count_rows,
		.get = get_row,
		.save = save_row,
		.forget = forget_row,
	};
	*ret = profiles;
	return profiles->arena ? 0 : -1;
}

void canned_profiles_free(struct canned_profiles *profiles)
{
	promo_arena_free(profiles->arena);
	free(profiles);
}

struct tui_profiles *canned_profiles_of(struct canned_profiles *profiles)
{
	return &profiles->base;
}
