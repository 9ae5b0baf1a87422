/* SPDX-License-Identifier: MIT */
#include "libpromo/client/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/secret.h"
#include "libpromo/base/time.h"

enum {
	RUNS_MAX = 64, /* equal ones at once */
	SECONDS_OF_HOUR = 3600,
};

static int name_file(const struct promo_profile *profile, const char *server, const char *request,
	struct promo_arena *arena, struct promo_problem *problem, const char **ret)
{
	const char *user = profile->user ? profile->user : "";
	const char *text = promo_arena_printf(arena, "%s\n%s\n%s", server, user, request);
	char name[PROMO_HASH_HEX_SIZE];

	if (!text)
		return promo_fault(-ENOMEM, "could not name the file of the key");
	promo_hash_text(text, name);
	return promo_profile_file(profile, "pending", name, arena, problem, ret);
}

int promo_pending_begin(const struct promo_profile *profile, const char *server,
	const char *request, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_pending *ret)
{
	struct promo_pending pending = { .fd = -1 };
	unsigned char id[PROMO_UUID_BYTES];
	int r = name_file(profile, server, request, arena, problem, &pending.path);

	if (r)
		return r;
	pending.again = access(pending.path, F_OK) == 0;
	r = promo_secret_file_create(pending.path, id, sizeof(id), arena, problem);
	if (r)
		return r;
	promo_uuid_format(id, pending.key);
	*ret = pending;
	return 0;
}

/* Holds the file, which nobody else does then. False where it is gone or another run has it. */
static bool hold(struct promo_pending *pending, struct stat *ret_status)
{
	struct stat named;
	int fd = open(pending->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return false;
	/* What was taken away between open() and flock() is nobody's place any more. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, ret_status) == 0 &&
		stat(pending->path, &named) == 0 && named.st_ino == ret_status->st_ino &&
		named.st_dev == ret_status->st_dev) {
		pending->fd = fd;
		return true;
	}
	(void)close(fd);
	return false;
}

static bool is_old(const struct stat *status)
{
	return promo_now_ms() / 1000 - status->st_mtime > PROMO_PENDING_HOURS * SECONDS_OF_HOUR;
}

/* Takes the file of a run that has ended without an answer; with `fresh` a new one where there is none. */
static int take(struct promo_pending *pending, bool fresh, struct promo_arena *arena,
	struct promo_problem *problem, bool *ret_taken)
{
	const bool was_there = access(pending->path, F_OK) == 0;
	unsigned char id[PROMO_UUID_BYTES];
	struct stat status;
	int r = 0;

	*ret_taken = false;
	if (was_there == fresh)
		return 0;
	if (fresh)
		r = promo_secret_file_create(pending->path, id, sizeof(id), arena, problem);
	if (r || !hold(pending, &status))
		return r;
	if (is_old(&status)) {
		pending->outlived = true;
		promo_pending_end(pending);
		return 0;
	}
	r = promo_secret_file_read(pending->path, id, sizeof(id), arena, problem);
	if (r) {
		promo_pending_leave(pending);
		return r;
	}
	promo_uuid_format(id, pending->key);
	pending->again = was_there;
	*ret_taken = true;
	return 0;
}

int promo_pending_claim(const struct promo_profile *profile, const char *server,
	const char *request, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_pending *ret)
{
	struct promo_pending pending = { .fd = -1 };
	const char *path = NULL;
	bool taken = false;
	int r = name_file(profile, server, request, arena, problem, &path);

	for (int fresh = 0; !r && fresh <= 1; fresh++)
		for (int i = 0; !r && !taken && i < RUNS_MAX; i++) {
			pending.path = i == 0 ? path : promo_arena_printf(arena, "%s-%d", path, i);
			r = pending.path
				    ? take(&pending, fresh, arena, problem, &taken)
				    : promo_fault(-ENOMEM, "could not name the file of the key");
		}
	if (r)
		return r;
	if (!taken)
		return promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
			"too many runs of this very command are waiting for their answers");
	*ret = pending;
	return 0;
}

void promo_pending_end(struct promo_pending *pending)
{
	/* One that stays behind is harmless: the same request again would be answered the same. */
	(void)unlink(pending->path);
	promo_pending_leave(pending);
}

void promo_pending_leave(struct promo_pending *pending)
{
	if (pending->fd >= 0)
		(void)close(pending->fd);
	pending->fd = -1;
}
