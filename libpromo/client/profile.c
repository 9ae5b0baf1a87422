/* SPDX-License-Identifier: MIT */
#include "libpromo/client/profile.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/secret.h"

enum {
	NAME_MAX_BYTES = 64
};

/* A name is a file name and never a way out of the folder. */
static bool is_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._@-";
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MAX_BYTES && name[0] != '.' &&
	       strspn(name, allowed) == length;
}

static const char *profile_path(const struct promo_profile *profile, struct promo_arena *arena)
{
	return promo_arena_printf(arena, "%s/profiles/%s", profile->folder, profile->name);
}

/* token TAB user TAB server: none of the three can hold a tab. */
static int understand(char *line, struct promo_profile *profile)
{
	char *user = strchr(line, '\t');
	char *server = user ? strchr(user + 1, '\t') : NULL;

	if (!server || strchr(server + 1, '\t'))
		return PROMO_E_INVALID_INPUT;
	*user++ = '\0';
	*server++ = '\0';
	profile->token = line;
	profile->user = user;
	profile->server = server;
	return 0;
}

int promo_profile_load(const struct promo_profile_home *home, const char *name,
	struct promo_arena *arena, struct promo_problem *problem, struct promo_profile *ret)
{
	struct promo_profile profile = { .name = name ? name : "default" };
	const char *path, *text;
	char *line;
	int r;

	if (!is_name(profile.name))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"'%s' is no name for a profile: letters, digits and . _ @ - only",
			profile.name);
	if (home->state_home && home->state_home[0] == '/')
		profile.folder = promo_arena_printf(arena, "%s/promo", home->state_home);
	else if (home->home && home->home[0] == '/')
		profile.folder = promo_arena_printf(arena, "%s/.local/state/promo", home->home);
	else
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"neither XDG_STATE_HOME nor HOME says where sessions are kept");
	path = profile.folder ? profile_path(&profile, arena) : NULL;
	if (!path)
		return promo_fault(-ENOMEM, "could not name the file of the profile");
	r = promo_secret_text_read(path, arena, problem, &text);
	if (r == PROMO_E_NOT_FOUND) {
		*problem = (struct promo_problem){ 0 };
		*ret = profile;
		return 0;
	}
	if (r)
		return r;
	line = promo_arena_strdup(arena, text);
	if (!line)
		return promo_fault(-ENOMEM, "could not read the profile");
	if (understand(line, &profile))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the file %s holds no session of this program; remove it and sign in again",
			path);
	*ret = profile;
	return 0;
}

/* Makes every folder on the way that does not exist yet. */
static int make_folders(const char *path, struct promo_arena *arena, struct promo_problem *problem)
{
	char *part = promo_arena_strdup(arena, path);

	if (!part)
		return promo_fault(-ENOMEM, "could not name a folder");
	for (char *at = part + 1;; at++) {
		char end = *at;

		if (end != '/' && end != '\0')
			continue;
		*at = '\0';
		if (mkdir(part, 0700) && errno != EEXIST)
			return promo_refuse(problem, arena, PROMO_E_FORBIDDEN,
				"could not make the folder %s: %s", part, strerror(errno));
		*at = end;
		if (end == '\0')
			return 0;
	}
}

int promo_profile_file(const struct promo_profile *profile, const char *below, const char *name,
	struct promo_arena *arena, struct promo_problem *problem, const char **ret)
{
	const char *folder = promo_arena_printf(arena, "%s/%s", profile->folder, below);
	const char *path = folder ? promo_arena_printf(arena, "%s/%s", folder, name) : NULL;
	int r;

	if (!path)
		return promo_fault(-ENOMEM, "could not name a file");
	r = make_folders(folder, arena, problem);
	if (r)
		return r;
	*ret = path;
	return 0;
}

int promo_profile_save(const struct promo_profile *profile, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const char *line = promo_arena_printf(
		arena, "%s\t%s\t%s", profile->token, profile->user, profile->server);
	const char *path;
	int r;

	if (!line)
		return promo_fault(-ENOMEM, "could not write the profile");
	if (strpbrk(profile->user, "\t\n") || strpbrk(profile->server, "\t\n") ||
		strpbrk(profile->token, "\t\n"))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the name of the user and the server cannot hold tabs or line ends");
	r = promo_profile_file(profile, "profiles", profile->name, arena, problem, &path);
	if (r)
		return r;
	return promo_secret_text_write(path, line, arena, problem);
}

int promo_profile_forget(const struct promo_profile *profile, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const char *path = profile_path(profile, arena);

	if (!path)
		return promo_fault(-ENOMEM, "could not name the file of the profile");
	if (unlink(path) && errno != ENOENT)
		return promo_refuse(problem, arena, PROMO_E_FORBIDDEN, "could not remove %s: %s",
			path, strerror(errno));
	return 0;
}
