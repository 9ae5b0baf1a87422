/* SPDX-License-Identifier: MIT */
#include "promod/backup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libpromo/base/box.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/secret.h"

static int read_public(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem, const unsigned char **ret)
{
	unsigned char *key = promo_arena_alloc(arena, PROMO_BOX_KEY_BYTES);

	if (!key)
		return promo_fault(-ENOMEM, "could not prepare backups");
	if (promo_hex_decode(config->backup_public_key, key, PROMO_BOX_KEY_BYTES))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"backup_public_key: '%s' is no public key, which has 64 hex digits; make "
			"one "
			"with promod backup-key FILE",
			config->backup_public_key);
	*ret = key;
	return 0;
}

int promod_backup_secret(const char *path, struct promo_arena *arena, struct promo_problem *problem,
	const unsigned char **ret)
{
	unsigned char *key = promo_arena_alloc(arena, PROMO_BOX_KEY_BYTES);
	int r;

	if (!key)
		return promo_fault(-ENOMEM, "could not read the key of backups");
	r = promo_secret_file_read(path, key, PROMO_BOX_KEY_BYTES, arena, problem);
	if (r == PROMO_E_NOT_FOUND)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"there is no key of backups '%s'", path);
	if (!r)
		*ret = key;
	return r;
}

int promod_backup_prepare(const struct promod_config *config,
	const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_backup_config *ret)
{
	const char *owner = promod_database_owner(database);
	int r = 0;

	ret->dir = config->backup_directory;
	ret->database = owner ? owner : promod_database_uri(database);
	ret->postgres_bin = config->postgres_bin[0] ? config->postgres_bin : NULL;
	if (mkdir(config->backup_directory, 0700) != 0 && errno != EEXIST)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not make the folder of backups '%s': %s", config->backup_directory,
			strerror(errno));
	if (config->backup_public_key[0])
		r = read_public(config, arena, problem, &ret->public_key);
	if (!r && config->backup_key_file[0])
		r = promod_backup_secret(config->backup_key_file, arena, problem, &ret->key);
	return r;
}

int promod_backup_key(const struct promod_options *options, struct promo_arena *arena,
	struct promo_problem *problem)
{
	unsigned char secret[PROMO_BOX_KEY_BYTES], public_key[PROMO_BOX_KEY_BYTES];
	char hex[PROMO_HEX_SIZE(PROMO_BOX_KEY_BYTES)];
	int r;

	r = promo_secret_file_create(options->file, secret, sizeof(secret), arena, problem);
	if (r)
		return r;
	promo_box_public(secret, public_key);
	promo_secret_wipe(secret, sizeof(secret));
	promo_hex_encode(public_key, sizeof(public_key), hex);
	printf("%s\n", hex);
	return 0;
}
