/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/password_reset.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/api_keys.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/ops/passwords.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/ops/signin.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	S_PER_MINUTE = 60
};

/*
 * The administrator's part.
 */

static int insert(struct promo_ctx *ctx, const char *user_id, char *token, int64_t *ret_expires_at)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	unsigned char hash[PROMO_HASH_BYTES];
	struct promo_moment_row end;
	char id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(id);
	promo_token_new(PROMO_TOKEN_RESET, token);
	promo_token_hash(token, hash);
	promo_param_text(&params, id);
	promo_param_text(&params, user_id);
	promo_param_bytes(&params, hash, sizeof(hash));
	promo_param_int(&params, PROMO_PASSWORD_RESET_S);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_PASSWORD_RESET_INSERT, &params, &end);
	if (!r)
		*ret_expires_at = end.at;
	return r;
}

static int mail(struct promo_ctx *ctx, const struct promo_managed_user *user, const char *token,
	bool *ret_mailed)
{
	char minutes[8];
	const struct promo_fact facts[] = {
		{ "name", user->first_name },
		{ "token", token },
		{ "minutes", minutes },
	};
	const struct promo_letter letter = {
		.channel = PROMO_CHANNEL_EMAIL,
		.kind = "password_reset",
		.recipients = { &user->email, 1 },
		.facts = { facts, PROMO_COUNT(facts) },
		.seal_key = ctx->config->mfa_key,
		.tried_s = PROMO_PASSWORD_RESET_S,
	};
	int r;

	if (!user->email || !letter.seal_key ||
		!promo_outbox_ready(ctx->settings, PROMO_CHANNEL_EMAIL))
		return 0;
	(void)snprintf(minutes, sizeof(minutes), "%d", PROMO_PASSWORD_RESET_S / S_PER_MINUTE);
	r = promo_outbox_add(ctx->store, ctx->arena, &letter);
	if (!r)
		ctx->wake_jobs = *ret_mailed = true;
	return r;
}

int promo_user_password_reset(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_password_reset *ret)
{
	char *token = promo_arena_alloc(ctx->arena, PROMO_TOKEN_SIZE);
	struct promo_managed_user user;
	int r;

	if (!token)
		return promo_fault(-ENOMEM, "could not make a token");
	r = promo_user_manage(ctx, in->id, &user);
	if (r)
		return r;
	if (ctx->actor->user_id && strcmp(ctx->actor->user_id, user.id) == 0)
		return promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN,
			"one's own password is changed with the password: promo me password");
	if (!user.is_active)
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			"the user is not active and could not sign in; activate him first");
	r = insert(ctx, user.id, token, &ret->expires_at);
	if (!r)
		r = mail(ctx, &user, token, &ret->mailed);
	if (!r)
		r = promo_audit_change_hidden(ctx, "password_reset");
	if (!r)
		r = promo_encode(&promo_password_reset_schema, ret, ctx->arena, &ctx->kept_body);
	if (!r)
		ret->token = token;
	return r;
}

/*
 * The user's part.
 */

/* What before() found out. */
struct prepared {
	struct promo_signin signin; /* who guesses tokens waits, as who guesses passwords does */
	const char *user_id;        /* NULL: the token is none */
	const char *new_hash;
};

static int find_user(struct promo_ctx *ctx, const char *token, const char **ret_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	unsigned char hash[PROMO_HASH_BYTES];
	struct promo_id_row row;
	bool found;
	int r;

	*ret_id = NULL;
	if (!promo_token_valid(PROMO_TOKEN_RESET, token))
		return 0;
	promo_token_hash(token, hash);
	promo_param_bytes(&params, hash, sizeof(hash));
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_PASSWORD_RESET_FIND, &params, &row, &found);
	if (!r && found)
		*ret_id = row.id;
	return r;
}

static int check_password(struct promo_ctx *ctx, const char *user_id, const char *password)
{
	struct promo_user user;
	int r;

	r = promo_user_read(ctx, user_id, &user);
	if (r)
		return r;
	return promo_new_password_check(ctx,
		&(struct promo_password_owner){
			.first_name = user.first_name,
			.last_name = user.last_name,
			.email = user.email,
			.phone_number = user.phone_number,
		},
		"/new_password", password);
}

int promo_auth_password_reset_before(
	struct promo_ctx *ctx, const struct promo_password_reset_in *in)
{
	struct prepared *prepared = promo_arena_alloc(ctx->arena, sizeof(*prepared));
	int r;

	if (!prepared)
		return promo_fault(-ENOMEM, "could not set a password");
	*prepared = (struct prepared){ 0 };
	r = promo_signin_begin(ctx, NULL, NULL, &prepared->signin);
	if (!r)
		r = promo_signin_look(ctx, &prepared->signin);
	if (!r)
		r = find_user(ctx, in->token, &prepared->user_id);
	ctx->before = prepared;
	if (r || !prepared->user_id)
		return r;
	promo_audit_entity(ctx, "user", prepared->user_id);
	r = check_password(ctx, prepared->user_id, in->new_password);
	return r ? r : promo_new_password_hash(ctx, in->new_password, &prepared->new_hash);
}

/* Locks the user, and looks again: of two with one token the second finds it gone. */
static int lock(struct promo_ctx *ctx, const struct prepared *prepared, const char *token)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_credential_row user;
	const char *user_id = NULL;
	bool found = false;
	int r = 0;

	promo_param_text(&params, prepared->user_id);
	if (prepared->user_id)
		r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_USER_LOCKCREDENTIAL, &params,
			&user, &found);
	if (!r && found)
		r = find_user(ctx, token, &user_id);
	if (!r && !user_id)
		r = promo_signin_fail(ctx, &prepared->signin);
	if (r != PROMO_E_INVALID_CREDENTIALS)
		return r;
	return promo_ctx_refuse(ctx, r,
		"the token is wrong, was used, or is too old; ask an administrator for another");
}

static int tell(struct promo_ctx *ctx, const char *user_id)
{
	return promo_tell(ctx, &(struct promo_event){
				       .kind = PROMO_EVENT_PASSWORD_RESET,
				       .about_kind = "user",
				       .about_id = user_id,
				       .user_id = user_id,
				       .title = "A password was set anew",
				       .body = "It was done with a token that an administrator had "
					       "made. Every session of that user has ended.",
				       .count = PROMO_NULL_INT,
			       });
}

int promo_auth_password_reset(struct promo_ctx *ctx, const struct promo_password_reset_in *in)
{
	const struct prepared *prepared = ctx->before;
	struct promo_actor *actor = promo_arena_alloc(ctx->arena, sizeof(*actor));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	if (!actor)
		return promo_fault(-ENOMEM, "could not set a password");
	r = lock(ctx, prepared, in->token);
	if (r)
		return r;
	*actor = (struct promo_actor){ .kind = PROMO_ACTOR_USER, .user_id = prepared->user_id };
	ctx->audit.actor = actor;
	promo_param_text(&params, prepared->user_id);
	promo_param_text(&params, prepared->new_hash);
	r = promo_store_exec(ctx->store, PROMO_Q_USER_SETPASSWORD, &params, NULL);
	if (!r)
		r = promo_session_end_all(ctx, prepared->user_id, NULL, NULL);
	/* Whoever had the account may have made himself a key (docs/decisions/0033). */
	if (!r)
		r = promo_api_key_end_all(ctx, prepared->user_id);
	if (!r)
		r = promo_signin_unlock(ctx, prepared->user_id);
	if (!r)
		r = promo_audit_change_hidden(ctx, "password");
	return r ? r : tell(ctx, prepared->user_id);
}
