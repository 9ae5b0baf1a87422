/* SPDX-License-Identifier: MIT */
#include "promod/privileges.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RECORD_BYTES = 16 * 1024,
	FILES_APART = 64, /* that are no connections: logs, epoll, listening sockets, spools */
	FILES_PER_THREAD = 2,
};

/* Parents that are missing may be passed through by everybody, whatever the umask. */
static bool make_path(char *path)
{
	mode_t mask = umask(0022);
	bool made = true;

	for (char *slash = strchr(path + 1, '/'); slash && made; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		made = mkdir(path, 0755) == 0 || errno == EEXIST;
		*slash = '/';
	}
	made = made && (mkdir(path, 0700) == 0 || errno == EEXIST);
	(void)umask(mask);
	return made;
}

int promod_state_dir_make(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem)
{
	char *path = promo_arena_strdup(arena, config->state_dir);

	if (!path)
		return promo_fault(-ENOMEM, "could not make the state directory");
	if (!make_path(path))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not make the state directory '%s': %s", path, strerror(errno));
	if (access(path, R_OK | W_OK | X_OK) < 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not use the state directory '%s': %s; it has to belong to the "
			"account that promod runs as",
			path, strerror(errno));
	return 0;
}

/* Whether it is root's and nothing is in it: one that was made just now, or for us. */
static bool is_fresh(const char *path)
{
	const struct dirent *entry;
	bool empty = true;
	struct stat status;
	DIR *directory;

	if (stat(path, &status) < 0 || status.st_uid != 0)
		return false;
	directory = opendir(path);
	if (!directory)
		return false;
	while (empty && (entry = readdir(directory)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	(void)closedir(directory);
	return empty;
}

static int find_account(const char *name, struct promo_arena *arena, struct promo_problem *problem,
	struct passwd *ret)
{
	char *bytes = promo_arena_alloc(arena, RECORD_BYTES);
	struct passwd *found = NULL;
	int error;

	if (!bytes)
		return promo_fault(-ENOMEM, "could not look for an account");
	error = getpwnam_r(name, ret, bytes, RECORD_BYTES, &found);
	if (error)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not look for the account '%s': %s", name, strerror(error));
	if (!found)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"promod does not run as root, and there is no account '%s' to become; make "
			"it with 'useradd --system %s', or name another one as run_as",
			name, name);
	if (ret->pw_uid == 0 || ret->pw_gid == 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"promod does not run as root: run_as cannot be '%s'", name);
	return 0;
}

int promod_privileges_drop(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem)
{
	struct passwd account;
	int r;

	if (geteuid() != 0)
		return 0;
	r = find_account(config->run_as, arena, problem, &account);
	if (!r)
		r = promod_state_dir_make(config, arena, problem);
	if (r)
		return r;
	/* Nothing else changes hands: state_dir may have been said to be /srv, or /tmp. */
	if (is_fresh(config->state_dir) &&
		(chmod(config->state_dir, 0700) < 0 ||
			chown(config->state_dir, account.pw_uid, account.pw_gid) < 0))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not hand the state directory '%s' to '%s': %s", config->state_dir,
			config->run_as, strerror(errno));
	/* libpq looks for passwords and certificates at home, and stops at root's, which is closed. */
	if (initgroups(config->run_as, account.pw_gid) < 0 || setgid(account.pw_gid) < 0 ||
		setuid(account.pw_uid) < 0 || setenv("HOME", account.pw_dir, 1) < 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not become '%s': %s", config->run_as, strerror(errno));
	if (setuid(0) == 0)
		return promo_fault(-EPERM, "root was not given up");
	return 0;
}

int promod_files_allow(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const rlim_t wanted =
		(rlim_t)(config->connections +
			 FILES_PER_THREAD * (config->workers + config->job_threads) + FILES_APART);
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= wanted)
		return 0;
	if (files.rlim_max < wanted)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"%" PRId64 " connections need %ju open files, and %ju are allowed; raise "
			"the limit (LimitNOFILE=, ulimit -Hn) or lower 'connections'",
			config->connections, (uintmax_t)wanted, (uintmax_t)files.rlim_max);
	files.rlim_cur = wanted;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not allow %ju open files: %s", (uintmax_t)wanted, strerror(errno));
	return 0;
}
