/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/log.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/backup_file.h"
#include "libpromo/ops/backups.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/store.h"

/* A database that was restored knows nothing of the backups that were made since, among them the one that it was
 * restored from, and they hold what it lost: they have to stay in sight. */

enum {
	PIECE_BYTES = 256 * 1024
};

struct adopting {
	struct promo_store *store;
	struct promo_arena *arena;
	char *piece;
	int64_t count;
};

/* The id in the name of a backup's file; false: it is none. */
static bool id_of(const char *name, char ret[PROMO_UUID_SIZE])
{
	const char *dash = strchr(name, '-');
	char whole[PROMO_BACKUP_NAME_SIZE];

	if (!dash || strlen(dash + 1) < PROMO_UUID_SIZE - 1)
		return false;
	memcpy(ret, dash + 1, PROMO_UUID_SIZE - 1);
	ret[PROMO_UUID_SIZE - 1] = '\0';
	promo_backup_name(ret, whole);
	return promo_uuid_valid(ret) && strcmp(whole, name) == 0;
}

static int hash_file(const struct adopting *adopting, int fd, char ret[PROMO_SHA256_HEX_SIZE])
{
	struct promo_sha256 sha;
	ssize_t n = 1;

	promo_sha256_start(&sha);
	while (n > 0) {
		n = read(fd, adopting->piece, PIECE_BYTES);
		if (n > 0)
			promo_sha256_add(&sha, adopting->piece, (size_t)n);
	}
	promo_sha256_end(&sha, ret);
	return n < 0 ? -errno : 0;
}

static int is_known(const struct adopting *adopting, const char *id, bool *ret)
{
	struct promo_params params = PROMO_PARAMS(adopting->arena);
	struct promo_backup_file_row row;
	bool found;
	int r;

	promo_param_text(&params, id);
	r = promo_store_find(
		adopting->store, adopting->arena, PROMO_Q_BACKUP_WHERE, &params, &row, &found);
	if (!r)
		*ret = found && row.status == PROMO_BACKUP_SUCCEEDED;
	return r;
}

static int note(struct adopting *adopting, const char *id, const char *name, int64_t bytes,
	const char *sha256)
{
	struct promo_params params = PROMO_PARAMS(adopting->arena);
	int64_t taken;
	int r;

	promo_param_text(&params, id);
	promo_param_text(&params, name);
	promo_param_int(&params, bytes);
	promo_param_text(&params, sha256);
	promo_param_time(&params, promo_uuid_time_ms(id));
	r = promo_store_exec(adopting->store, PROMO_Q_BACKUP_ADOPT, &params, &taken);
	if (!r)
		adopting->count += taken;
	return r;
}

static int take(struct adopting *adopting, int folder, const char *name)
{
	char id[PROMO_UUID_SIZE], sha256[PROMO_SHA256_HEX_SIZE];
	struct stat stat;
	bool known = false;
	int fd, unread, r;

	if (!id_of(name, id))
		return 0;
	r = is_known(adopting, id, &known);
	if (r || known)
		return r;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	unread = fd < 0 || fstat(fd, &stat) != 0 ? -errno : hash_file(adopting, fd, sha256);
	if (fd >= 0)
		(void)close(fd);
	if (!unread)
		return note(adopting, id, name, stat.st_size, sha256);
	promo_log(PROMO_LOG_WARNING, "the backup %s could not be read and is not listed: %s", name,
		strerror(-unread));
	return 0;
}

int promo_backup_adopt(
	struct promo_store *store, const char *dir, struct promo_arena *arena, int64_t *ret_count)
{
	struct adopting adopting = { .store = store, .arena = arena };
	const struct dirent *entry;
	DIR *folder = opendir(dir);
	int r = 0;

	if (!folder) {
		if (errno != ENOENT)
			promo_log(PROMO_LOG_WARNING, "the backups in %s could not be listed: %s",
				dir, strerror(errno));
		*ret_count = 0;
		return 0;
	}
	adopting.piece = promo_arena_alloc(arena, PIECE_BYTES);
	if (!adopting.piece)
		r = promo_fault(-ENOMEM, "could not list backups");
	while (!r && (entry = readdir(folder)) != NULL)
		r = take(&adopting, dirfd(folder), entry->d_name);
	(void)closedir(folder);
	if (!r)
		*ret_count = adopting.count;
	return r;
}
