/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/api_keys.h"

#include <errno.h>

#include "libpromo/base/api_key.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/network.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	KEYS_MAX = 50 /* of one user: more than he can tell apart */
};

int promo_api_key_list(
	struct promo_ctx *ctx, const struct promo_api_key_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, ctx->actor->user_id);
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_API_KEY_LIST, PROMO_Q_API_KEY_COUNT), &params, ret);
}

int promo_api_key_create_check(struct promo_ctx *ctx, const struct promo_api_key_create_in *in)
{
	int r = 0;

	for (size_t i = 0; i < in->allowed_ips.count; i++) {
		struct promo_network network;
		const char *pointer;

		if (promo_network_parse(in->allowed_ips.items[i], &network))
			continue;
		pointer = promo_arena_printf(ctx->arena, "/allowed_ips/%zu", i);
		if (!pointer)
			return promo_fault(-ENOMEM, "could not look at addresses");
		r = promo_ctx_refuse_field(ctx, pointer, "invalid_value",
			"is no address and no network such as 192.0.2.0/24");
	}
	if (in->expires_at && in->expires_at <= ctx->now_ms)
		r = promo_ctx_refuse_field(
			ctx, "/expires_at", "out_of_range", "has to be in the future");
	return r;
}

/* One gives away only what one has. */
static int check_permissions(struct promo_ctx *ctx, const struct promo_texts *keys)
{
	int r = 0;

	for (size_t i = 0; !r && i < keys->count; i++)
		r = promo_auth_need(ctx, promo_permission_from_key(keys->items[i]));
	return r;
}

/* With the user locked, behind whom who throws somebody out of his account may have waited: a key would
 * outlive the session that made it. */
static int check_session(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_session session;
	bool found;
	int r;

	promo_param_text(&params, ctx->actor->session_id);
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_SESSION_SHOW, &params, &session, &found);
	return r || found ? r : PROMO_E_UNAUTHENTICATED;
}

/* Counted with the user locked: two at once are not one too many. */
static int check_room(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row keys;
	struct promo_id_row user;
	int r;

	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCK, &params, &user);
	if (!r)
		r = check_session(ctx);
	if (!r)
		r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_API_KEY_COUNT, &params, &keys);
	if (r)
		return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
	return keys.count < KEYS_MAX ? 0 : PROMO_E_TOO_MANY_API_KEYS;
}

static int insert(struct promo_ctx *ctx, const struct promo_api_key_create_in *in, const char *id,
	const char *key)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char prefix[PROMO_API_KEY_PREFIX_SIZE];
	unsigned char hash[PROMO_HASH_BYTES];

	promo_api_key_prefix(key, prefix);
	promo_token_hash(key, hash);
	promo_param_text(&params, id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, in->name);
	promo_param_text(&params, prefix);
	promo_param_bytes(&params, hash, sizeof(hash));
	promo_param_texts(&params, in->permissions);
	promo_param_texts(&params, in->allowed_ips);
	promo_param_time(&params, in->expires_at);
	return promo_store_exec(ctx->store, PROMO_Q_API_KEY_INSERT, &params, NULL);
}

static int get(struct promo_ctx *ctx, const char *id, struct promo_api_key *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_API_KEY_GET, &params, ret);
}

/* What it was made for is what one wants to know of it afterwards. */
static int note(struct promo_ctx *ctx, const struct promo_api_key *made)
{
	static const char *const fields[] = { "name", "permissions", "allowed_ips", "expires_at",
		"prefix" };
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(fields); i++)
		r = promo_audit_change(ctx, &promo_api_key_schema, fields[i], NULL, made);
	return r;
}

int promo_api_key_create(
	struct promo_ctx *ctx, const struct promo_api_key_create_in *in, struct promo_api_key *ret)
{
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	char *key = promo_arena_alloc(ctx->arena, PROMO_API_KEY_SIZE);
	int r;

	if (!id || !key)
		return promo_fault(-ENOMEM, "could not make an API key");
	r = promo_api_key_create_check(ctx, in);
	if (!r)
		r = check_permissions(ctx, &in->permissions);
	if (!r)
		r = check_room(ctx);
	if (r)
		return r;
	promo_uuid_new(id);
	promo_api_key_new(key);
	promo_audit_entity(ctx, "api_key", id);
	r = insert(ctx, in, id, key);
	if (!r)
		r = get(ctx, id, ret);
	if (!r)
		r = note(ctx, ret);
	if (!r)
		r = promo_encode(&promo_api_key_made_schema, ret, ctx->arena, &ctx->kept_body);
	if (!r)
		ret->key = key;
	return r;
}

static int end_key(struct promo_ctx *ctx, const char *user_id, const char *key_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t deleted;
	int r;

	promo_audit_entity(ctx, "api_key", key_id);
	promo_param_text(&params, key_id);
	promo_param_text(&params, user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_API_KEY_DELETE, &params, &deleted);
	if (r)
		return r;
	return deleted > 0 ? promo_auth_changed(ctx, user_id) : PROMO_E_NOT_FOUND;
}

int promo_api_key_delete(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	return end_key(ctx, ctx->actor->user_id, in->id);
}

int promo_user_api_keys(
	struct promo_ctx *ctx, const struct promo_user_api_keys_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_managed_user user;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	if (r)
		return r;
	promo_param_text(&params, user.id);
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_API_KEY_LIST, PROMO_Q_API_KEY_COUNT), &params, ret);
}

int promo_user_end_api_key(struct promo_ctx *ctx, const struct promo_user_api_key_in *in)
{
	struct promo_managed_user user;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	return r ? r : end_key(ctx, user.id, in->key_id);
}

int promo_api_key_end_all(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t deleted;
	int r;

	promo_param_text(&params, user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_API_KEY_DELETEALL, &params, &deleted);
	return r || deleted == 0 ? r : promo_auth_changed(ctx, user_id);
}
