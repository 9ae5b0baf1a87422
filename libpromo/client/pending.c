/* SPDX-License-Identifier: MIT */
#include "libpromo/client/pending.h"

#include <errno.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/secret.h"

int promo_pending_begin(const struct promo_profile *profile, const char *server,
	const char *request, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_pending *ret)
{
	const char *user = profile->user ? profile->user : "";
	const char *text = promo_arena_printf(arena, "%s\n%s\n%s", server, user, request);
	unsigned char id[PROMO_UUID_BYTES];
	char name[PROMO_HASH_HEX_SIZE];
	struct promo_pending pending;
	int r;

	if (!text)
		return promo_fault(-ENOMEM, "could not name the file of the key");
	promo_hash_text(text, name);
	r = promo_profile_file(profile, "pending", name, arena, problem, &pending.path);
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

void promo_pending_end(const struct promo_pending *pending)
{
	/* One that stays behind is harmless: the same request again would be answered the same. */
	(void)unlink(pending->path);
}
