/* SPDX-License-Identifier: MIT */
#include "promo-cli/partial.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HEX = PROMO_SHA256_HEX_SIZE - 1
};

static const char suffix[] = ".part";

static bool is_hash(const char *text)
{
	return strspn(text, "0123456789abcdef") >= HEX;
}

char *cli_partial_name(struct promo_arena *arena, const char *output, const char *etag)
{
	if (!etag || strlen(etag) != HEX + 2 || etag[0] != '"' || !is_hash(etag + 1))
		return NULL;
	return promo_arena_printf(arena, "%s.%.*s%s", output, HEX, etag + 1, suffix);
}

bool cli_partial_is_of(const char *etag, const char *sha256)
{
	return strlen(etag) == HEX + 2 && memcmp(etag + 1, sha256, HEX) == 0;
}

/* Ours, and nobody else's: what stands in a folder that others write to may be anything. */
static int open_own(const char *path)
{
	const int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;

	if (fd < 0)
		return -1;
	if (fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) && stat.st_uid == geteuid() &&
		stat.st_nlink == 1 && stat.st_size > 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* Where the hash begins in the name of a partial file of `base`; NULL: it is none. */
static const char *hash_in(const char *name, const char *base)
{
	const size_t length = strlen(base);
	const char *hash = name + length + 1;

	if (strncmp(name, base, length) != 0 || name[length] != '.' ||
		strlen(hash) != HEX + sizeof(suffix) - 1 || !is_hash(hash))
		return NULL;
	return strcmp(hash + HEX, suffix) == 0 ? hash : NULL;
}

bool cli_partial_find(struct promo_arena *arena, const char *output, struct cli_partial *ret)
{
	const char *slash = strrchr(output, '/');
	const char *base = slash ? slash + 1 : output;
	const size_t folder_length = (size_t)(base - output);
	const char *folder = slash ? promo_arena_strndup(arena, output, folder_length) : ".";
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		const char *hash = hash_in(entry->d_name, base);

		if (!hash)
			continue;
		*ret = (struct cli_partial){ .path = promo_arena_printf(arena, "%.*s%s",
						     (int)folder_length, output, entry->d_name) };
		(void)snprintf(ret->etag, sizeof(ret->etag), "\"%.*s\"", HEX, hash);
		ret->fd = ret->path ? open_own(ret->path) : -1;
		found = ret->fd >= 0;
	}
	if (dir)
		(void)closedir(dir);
	return found;
}
