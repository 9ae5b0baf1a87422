/* SPDX-License-Identifier: MIT */
#include "promo-tui/profiles_disk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"

enum {
	PROFILES_MAX = 64
};

struct disk {
	struct tui_profiles base; /* first: see disk_of() */
	struct promo_arena *arena;
	struct promo_profile profiles[PROFILES_MAX];
	const char *servers[PROFILES_MAX]; /* what was configured; NULL: nothing */
	size_t count;
};

static struct disk *disk_of(struct tui_profiles *base)
{
	return (struct disk *)base;
}

static size_t disk_count(const struct tui_profiles *base)
{
	return ((const struct disk *)base)->count;
}

static struct tui_profile disk_get(const struct tui_profiles *base, size_t index)
{
	const struct disk *disk = (const struct disk *)base;
	const struct promo_profile *profile = &disk->profiles[index];
	const char *configured = disk->servers[index];
	struct tui_profile result = { .name = profile->name, .user = profile->user };

	result.server = configured ? configured : profile->server;
	/* A token is for the server that gave it. */
	if (profile->server && result.server && strcmp(result.server, profile->server) == 0)
		result.token = profile->token;
	return result;
}

static int disk_save(struct tui_profiles *base, size_t index, const struct tui_profile *profile)
{
	struct disk *disk = disk_of(base);
	struct promo_profile kept = disk->profiles[index];
	struct promo_problem problem = { 0 };
	int r;

	kept.server = promo_arena_strdup(disk->arena, profile->server);
	kept.user = promo_arena_strdup(disk->arena, profile->user);
	kept.token = promo_arena_strdup(disk->arena, profile->token);
	if (!kept.server || !kept.user || !kept.token)
		return promo_fault(-ENOMEM, "could not keep the session");
	disk->profiles[index] = kept;
	r = promo_profile_save(&kept, disk->arena, &problem);
	return r;
}

static int disk_forget(struct tui_profiles *base, size_t index)
{
	struct disk *disk = disk_of(base);
	struct promo_problem problem = { 0 };

	disk->profiles[index].token = NULL;
	return promo_profile_forget(&disk->profiles[index], disk->arena, &problem);
}

static size_t find(const struct disk *disk, const char *name)
{
	size_t i = 0;

	while (i < disk->count && strcmp(disk->profiles[i].name, name) != 0)
		i++;
	return i;
}

/* What cannot be used (others may read it) is left out, but for the one that was asked for. */
static int add(struct disk *disk, const struct promo_profile_home *home, const char *name,
	struct promo_problem *problem)
{
	char *copy = promo_arena_strdup(disk->arena, name);
	int r;

	if (!copy)
		return promo_fault(-ENOMEM, "could not hold the profiles");
	if (find(disk, name) < disk->count || disk->count == PROFILES_MAX)
		return 0;
	r = promo_profile_load(home, copy, disk->arena, problem, &disk->profiles[disk->count]);
	if (!r)
		disk->count++;
	return r;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_files(struct disk *disk, const struct promo_profile_home *home)
{
	struct promo_problem problem = { 0 };
	const char *folder =
		promo_arena_printf(disk->arena, "%s/profiles", disk->profiles[0].folder);
	struct dirent **entries;
	int count, r = 0;

	if (!folder)
		return promo_fault(-ENOMEM, "could not name the folder of the profiles");
	count = scandir(folder, &entries, is_file, by_name);
	for (int i = 0; i < count; i++) {
		if (r >= 0)
			r = add(disk, home, entries[i]->d_name, &problem);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return r < 0 ? r : 0;
}

static int fill(struct disk *disk, const struct tui_options *options,
	const struct promo_profile_home *home, struct promo_problem *problem)
{
	int r = add(disk, home, options->profile ? options->profile : "default", problem);

	if (r)
		return r;
	disk->servers[0] = options->server;
	for (size_t i = 0; i < options->server_count; i++) {
		size_t at;

		r = add(disk, home, options->servers[i].name, problem);
		if (r)
			return r;
		at = find(disk, options->servers[i].name);
		if (at < disk->count && !disk->servers[at])
			disk->servers[at] = options->servers[i].address;
	}
	return add_files(disk, home);
}

int tui_profiles_new(const struct tui_options *options, const struct promo_profile_home *home,
	struct promo_arena *arena, struct promo_problem *problem, struct tui_profiles **ret)
{
	struct disk *disk = promo_arena_alloc(arena, sizeof(*disk));
	int r;

	if (!disk)
		return promo_fault(-ENOMEM, "could not hold the profiles");
	*disk = (struct disk){
		.base = { .count = disk_count,
			.get = disk_get,
			.save = disk_save,
			.forget = disk_forget },
		.arena = arena,
	};
	r = fill(disk, options, home, problem);
	if (!r)
		*ret = &disk->base;
	return r;
}

const struct promo_profile *tui_profiles_file(const struct tui_profiles *profiles, size_t index)
{
	return &((const struct disk *)profiles)->profiles[index];
}
