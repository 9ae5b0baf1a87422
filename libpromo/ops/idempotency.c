/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/idempotency.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/store/store.h"

enum {
	KEY_MAX = 255
};

bool promo_idempotency_valid(const char *text)
{
	size_t length = strlen(text);

	if (length < 1 || length > KEY_MAX)
		return false;
	for (; *text; text++)
		if (*text < 0x21 || *text > 0x7e)
			return false;
	return true;
}

int promo_idempotency_hash(const struct promo_op *op, const void *in, const unsigned char *hash_key,
	struct promo_arena *arena, const char **ret)
{
	unsigned char hash[PROMO_HASH_BYTES];
	const char *canonical;
	char *text;
	int r;

	r = promo_encode_canonical(op, in, arena, &canonical);
	if (r)
		return r;
	text = promo_arena_alloc(arena, PROMO_HASH_HEX_SIZE);
	if (!text)
		return promo_fault(-ENOMEM, "could not hash an input");
	promo_hash_keyed(hash_key, canonical, strlen(canonical), hash);
	promo_hex_encode(hash, sizeof(hash), text);
	*ret = text;
	return 0;
}

int promo_idempotency_take(struct promo_ctx *ctx, const struct promo_kept_answer **ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_kept_answer *kept;
	int64_t taken;
	int r;

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, ctx->key);
	promo_param_text(&params, ctx->op->name);
	promo_param_text(&params, ctx->in_hash);
	r = promo_store_exec(ctx->store, PROMO_Q_IDEMPOTENCY_RESERVE, &params, &taken);
	if (r)
		return r;
	if (taken) {
		params = PROMO_PARAMS(ctx->arena);
		r = promo_store_exec(ctx->store, PROMO_Q_IDEMPOTENCY_PURGE, &params, NULL);
		if (!r)
			*ret = NULL;
		return r;
	}
	kept = promo_arena_alloc(ctx->arena, sizeof(*kept));
	if (!kept)
		return promo_fault(-ENOMEM, "could not read a kept answer");
	params = PROMO_PARAMS(ctx->arena);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, ctx->key);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_IDEMPOTENCY_FIND, &params, kept);
	if (r)
		return r;
	if (strcmp(kept->request_hash, ctx->in_hash) != 0)
		return PROMO_E_IDEMPOTENCY_KEY_REUSED;
	*ret = kept;
	return 0;
}

int promo_idempotency_look(struct promo_ctx *ctx, bool *ret_bound)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_kept_answer kept;

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, ctx->key);
	return promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_IDEMPOTENCY_FIND, &params, &kept, ret_bound);
}

int promo_idempotency_bind(struct promo_ctx *ctx, const struct promo_kept_answer *answer)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, ctx->key);
	promo_param_int(&params, answer->status);
	promo_param_text(&params, answer->answer);
	promo_param_text(&params, answer->etag);
	promo_param_text(&params, answer->location);
	return promo_store_exec(ctx->store, PROMO_Q_IDEMPOTENCY_BIND, &params, NULL);
}

int promo_idempotency_release(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, ctx->key);
	return promo_store_exec(ctx->store, PROMO_Q_IDEMPOTENCY_RELEASE, &params, NULL);
}
