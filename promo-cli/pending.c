/* SPDX-License-Identifier: MIT */
#include "promo-cli/pending.h"

#include <errno.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/secret.h"

int cli_pending_begin(const struct cli_profile *profile, const char *server, const char *request,
	struct promo_arena *arena, struct promo_problem *problem, struct cli_pending *ret)
{
	const char *user = profile->user ? profile->user : "";
	const char *text = promo_arena_printf(arena, "%s\n%s\n%s", server, user, request);
	unsigned char id[PROMO_UUID_BYTES];
	char name[PROMO_HASH_HEX_SIZE];
	struct cli_pending pending;
	int r;

	if (!text)
		return promo_fault(-ENOMEM, "could not name the file of the key");
	promo_hash_text(text, name);
	r = cli_profile_file(profile, "pending", name, arena, problem, &pending.path);
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

void cli_pending_end(const struct cli_pending *pending)
{
	/* One that stays behind is harmless: the same request again would be answered the same. */
	(void)unlink(pending->path);
}
