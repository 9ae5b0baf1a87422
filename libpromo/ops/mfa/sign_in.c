/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/base/hash.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/cookie.h"
#include "libpromo/ops/mfa/factor.h"
#include "libpromo/ops/mfa/mfa.h"
#include "libpromo/ops/mfa/sent.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/rules/mfa.h"
#include "libpromo/store/store.h"

/*
 * A sign-in between its password and its code. A token that is unknown, too old, used, or had too many
 * wrong codes is answered alike, and so is every code that does not do, whatever its method.
 */

static int ended(struct promo_ctx *ctx)
{
	return promo_ctx_refuse(ctx, PROMO_E_SESSION_EXPIRED,
		"this sign-in has ended, begin again with the password");
}

static int hash_token(struct promo_ctx *ctx, const char *token, unsigned char ret[PROMO_HASH_BYTES])
{
	if (!promo_token_valid(PROMO_TOKEN_MFA, token))
		return ended(ctx);
	promo_token_hash(token, ret);
	return 0;
}

static int purge(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user_id);
	return promo_store_exec(ctx->store, PROMO_Q_MFA_CHALLENGE_PURGE, &params, NULL);
}

static int open_challenge(
	struct promo_ctx *ctx, const char *user_id, bool remember, bool cookie, char **ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char *token = promo_arena_alloc(ctx->arena, PROMO_TOKEN_SIZE);
	unsigned char hash[PROMO_HASH_BYTES];
	int r;

	if (!token)
		return promo_fault(-ENOMEM, "could not ask for a second factor");
	promo_token_new(PROMO_TOKEN_MFA, token);
	promo_token_hash(token, hash);
	promo_param_bytes(&params, hash, sizeof(hash));
	promo_param_text(&params, user_id);
	promo_param_bool(&params, remember);
	promo_param_bool(&params, cookie);
	promo_param_int(&params, PROMO_MFA_TOKEN_S);
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_CHALLENGE_INSERT, &params, NULL);
	if (!r)
		*ret = token;
	return r;
}

/* The enrolled ones that there is a way to ask for, and what stands in for them. */
static int list_methods(
	struct promo_ctx *ctx, const struct promo_mfa_usable_row *usable, struct promo_texts *ret)
{
	const char **methods =
		promo_arena_alloc_array(ctx->arena, usable->methods.count + 1, sizeof(*methods));
	size_t count = 0;

	if (!methods)
		return promo_fault(-ENOMEM, "could not ask for a second factor");
	for (size_t i = 0; i < usable->methods.count; i++) {
		const enum promo_mfa_method method = (enum promo_mfa_method)promo_word_value(
			&promo_mfa_method_words, usable->methods.items[i]);

		if (method == PROMO_MFA_AUTHENTICATOR_APP || promo_sent_ready(ctx, method))
			methods[count++] = usable->methods.items[i];
	}
	if (usable->recovery_codes > 0)
		methods[count++] = promo_word(&promo_mfa_method_words, PROMO_MFA_RECOVERY_CODE);
	*ret = (struct promo_texts){ methods, count };
	return 0;
}

int promo_mfa_ask(struct promo_ctx *ctx, const char *user_id, bool remember, bool cookie)
{
	struct promo_mfa_member *member = promo_arena_alloc(ctx->arena, sizeof(*member));
	struct promo_mfa_usable_row usable;
	char *token = NULL;
	int r;

	if (!member)
		return promo_fault(-ENOMEM, "could not ask for a second factor");
	r = promo_factor_usable(ctx, user_id, &usable);
	if (r || usable.methods.count == 0)
		return r;
	r = purge(ctx, user_id);
	if (!r)
		r = open_challenge(ctx, user_id, remember, cookie, &token);
	if (!r)
		r = list_methods(ctx, &usable, &member->methods);
	if (r)
		return r;
	member->mfa_token = token;
	ctx->commit_refusal = true;
	ctx->problem.member_schema = &promo_mfa_member_schema;
	ctx->problem.members = member;
	return PROMO_E_MFA_REQUIRED;
}

static int find_challenge(struct promo_ctx *ctx, const unsigned char hash[PROMO_HASH_BYTES],
	struct promo_mfa_challenge_row *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	bool found;
	int r;

	promo_param_bytes(&params, hash, PROMO_HASH_BYTES);
	promo_param_int(&params, PROMO_MFA_TOKEN_WRONG);
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_MFA_CHALLENGE_GET, &params, ret, &found);
	if (r)
		return r;
	return found ? 0 : ended(ctx);
}

/* Locks the user and looks again: from here on nobody else goes on with a sign-in of his. */
static int lock_challenge(struct promo_ctx *ctx, const unsigned char hash[PROMO_HASH_BYTES],
	struct promo_mfa_challenge_row *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_credential_row user;
	int r;

	r = find_challenge(ctx, hash, ret);
	if (r)
		return r;
	promo_audit_entity(ctx, "user", ret->user_id);
	promo_param_text(&params, ret->user_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCKCREDENTIAL, &params, &user);
	if (r == PROMO_E_NOT_FOUND || (!r && !user.is_active))
		return ended(ctx);
	return r ? r : find_challenge(ctx, hash, ret);
}

static int note_wrong(struct promo_ctx *ctx, const unsigned char hash[PROMO_HASH_BYTES],
	const struct promo_mfa_challenge_row *challenge)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_bytes(&params, hash, PROMO_HASH_BYTES);
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_CHALLENGE_WRONG, &params, NULL);
	if (r)
		return r;
	if (challenge->wrong + 1 < PROMO_MFA_TOKEN_WRONG)
		return PROMO_E_INVALID_CREDENTIALS;
	return promo_ctx_refuse(ctx, PROMO_E_SESSION_EXPIRED,
		"too many codes were wrong, begin again with the password");
}

static int end_challenge(struct promo_ctx *ctx, const unsigned char hash[PROMO_HASH_BYTES])
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_bytes(&params, hash, PROMO_HASH_BYTES);
	return promo_store_exec(ctx->store, PROMO_Q_MFA_CHALLENGE_END, &params, NULL);
}

int promo_auth_mfa(
	struct promo_ctx *ctx, const struct promo_mfa_in *in, struct promo_login_answer *ret)
{
	struct promo_mfa_challenge_row challenge;
	unsigned char hash[PROMO_HASH_BYTES];
	int r;

	r = hash_token(ctx, in->mfa_token, hash);
	if (!r)
		r = lock_challenge(ctx, hash, &challenge);
	if (!r && challenge.cookie)
		r = promo_cookie_admit(ctx);
	if (!r)
		r = promo_audit_change(ctx, &promo_mfa_in_schema, "method", NULL, in);
	if (r)
		return r;
	r = promo_factor_check(ctx, challenge.user_id, (enum promo_mfa_method)in->method, in->code);
	if (r == PROMO_E_INVALID_CREDENTIALS)
		return note_wrong(ctx, hash, &challenge);
	if (!r)
		r = end_challenge(ctx, hash);
	if (!r)
		r = promo_sign_in(ctx, challenge.user_id, challenge.remember, ret);
	return r || !challenge.cookie ? r : promo_cookie_set(ctx, challenge.remember, ret);
}

int promo_auth_mfa_send(struct promo_ctx *ctx, const struct promo_mfa_send_in *in)
{
	const enum promo_mfa_method method = (enum promo_mfa_method)in->method;
	struct promo_mfa_challenge_row challenge;
	unsigned char hash[PROMO_HASH_BYTES];
	const char *address = NULL;
	int r;

	r = hash_token(ctx, in->mfa_token, hash);
	if (!r)
		r = lock_challenge(ctx, hash, &challenge);
	if (!r && promo_sent_ready(ctx, method))
		r = promo_sent_address(ctx, challenge.user_id, method, &address);
	if (r)
		return r;
	if (!address)
		return promo_ctx_refuse_field(ctx, "/method", "cannot_be_sent",
			"is not among the methods of this sign-in that are sent");
	return promo_sent_write(ctx, challenge.user_id, method, address, "mfa_code");
}
