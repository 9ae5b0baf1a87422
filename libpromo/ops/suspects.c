/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/suspects.h"

#include <stdlib.h>
#include <string.h>

static struct promo_suspect *find(const struct promo_suspects *suspects, const char *user_id)
{
	struct promo_suspect *user = suspects->first;

	while (user && strcmp(user->user_id, user_id) != 0)
		user = user->next;
	return user;
}

static void forget_innocent(struct promo_suspects *suspects, struct promo_suspect *user)
{
	struct promo_suspect **at = &suspects->first;

	if (user->working > 0 || user->waiting.count > 0)
		return;
	while (*at != user)
		at = &(*at)->next;
	*at = user->next;
	free(user);
}

bool promo_suspects_has(const struct promo_suspects *suspects, const char *user_id)
{
	return find(suspects, user_id) != NULL;
}

bool promo_suspects_add(
	struct promo_suspects *suspects, const char *user_id, struct promo_holder *holder)
{
	struct promo_suspect *user = find(suspects, user_id);
	size_t size = strlen(user_id) + 1;

	if (!user) {
		user = calloc(1, sizeof(*user) + size);
		if (!user)
			return false;
		memcpy(user->user_id, user_id, size);
		promo_holders_init(&user->waiting);
		user->next = suspects->first;
		suspects->first = user;
	}
	promo_holders_append(&user->waiting, holder);
	suspects->waiting++;
	return true;
}

struct promo_holder *promo_suspects_next(
	struct promo_suspects *suspects, struct promo_suspect **ret_user)
{
	if (suspects->waiting == 0)
		return NULL;
	for (struct promo_suspect *user = suspects->first; user; user = user->next) {
		if (user->working == PROMO_SUSPECTS_AT_ONCE || user->waiting.count == 0)
			continue;
		user->working++;
		suspects->waiting--;
		*ret_user = user;
		return promo_holders_take(&user->waiting);
	}
	return NULL;
}

void promo_suspects_over(struct promo_suspects *suspects, struct promo_suspect *user)
{
	user->working--;
	forget_innocent(suspects, user);
}

struct promo_holder *promo_suspects_give_up(struct promo_suspects *suspects)
{
	for (struct promo_suspect *user = suspects->first; user; user = user->next) {
		struct promo_holder *holder = promo_holders_take(&user->waiting);

		if (!holder)
			continue;
		suspects->waiting--;
		forget_innocent(suspects, user);
		return holder;
	}
	return NULL;
}

void promo_suspects_free(struct promo_suspects *suspects)
{
	struct promo_suspect *user;

	while ((user = suspects->first)) {
		suspects->first = user->next;
		free(user);
	}
}
