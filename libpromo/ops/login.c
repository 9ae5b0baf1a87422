/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "libpromo/model/ref.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/cookie.h"
#include "libpromo/ops/mfa/mfa.h"
#include "libpromo/ops/passwords.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/signin.h"
#include "libpromo/ops/users.h"
#include "libpromo/rules/email.h"
#include "libpromo/rules/phone.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/*
 * A stranger may not learn who has an account: whether the user is unknown, inactive, has no
 * password or another one, the answer and the work for it (one hash, the same statements) are the same.
 */

enum {
	MS_PER_S = 1000
};

/* What before() found out. */
struct checked {
	struct promo_credential_row credential;
	struct promo_signin signin;
	const char *rehash; /* NULL: the stored hash is as one makes them today */
	bool right;
};

/* The user by e-mail address or phone number, whichever the identifier can be read as, and where his
 * sign-ins stand. */
static int find_credential(
	struct promo_ctx *ctx, const char *identifier, struct checked *ret, bool *ret_found)
{
	const char *country = promo_settings_text(ctx->settings, PROMO_SETTING_COUNTRY_CODE);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char email[PROMO_EMAIL_SIZE], phone[PROMO_PHONE_SIZE];
	const char *name = identifier;
	int r;

	if (promo_email_normalize(identifier, email) == 0)
		promo_param_text(&params, name = email);
	else
		promo_param_null(&params);
	if (promo_phone_normalize(identifier, country, phone) == 0)
		promo_param_text(&params, name = phone);
	else
		promo_param_null(&params);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_USER_CREDENTIAL, &params,
		&ret->credential, ret_found);
	if (r)
		return r;
	return promo_signin_begin(ctx, *ret_found ? ret->credential.id : NULL, name, &ret->signin);
}

int promo_auth_login_before(struct promo_ctx *ctx, const struct promo_login_in *in)
{
	struct checked *checked = promo_arena_alloc(ctx->arena, sizeof(*checked));
	bool found;
	int r;

	if (!checked)
		return promo_fault(-ENOMEM, "could not check a password");
	r = in->cookie ? promo_cookie_admit(ctx) : 0;
	if (!r)
		r = find_credential(ctx, in->identifier, checked, &found);
	if (r)
		return r;
	if (found)
		promo_audit_entity(ctx, "user", checked->credential.id);
	r = promo_signin_look(ctx, &checked->signin);
	if (r)
		return r;
	r = promo_known_password_verify(ctx, found ? checked->credential.password_hash : NULL,
		in->password, &checked->rehash);
	if (r && r != PROMO_E_INVALID_CREDENTIALS)
		return r;
	checked->right = r == 0 && found && checked->credential.is_active;
	ctx->before = checked;
	return 0;
}

/* Whether what before() checked is still so, now that the row is locked; a failure is counted. */
static int confirm(struct promo_ctx *ctx, const struct checked *checked, const char *password)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_credential_row now;
	bool right = checked->right, found;
	int r;

	promo_param_text(&params, checked->signin.user_id);
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_USER_LOCKCREDENTIAL, &params, &now, &found);
	if (r)
		return r;
	if (!found || !now.is_active || !now.password_hash)
		right = false;
	else if (right)
		r = promo_known_password_still(ctx, checked->credential.password_hash,
			now.password_hash, password, &right);
	if (r)
		return r;
	return right ? promo_signin_admit(ctx, &checked->signin)
		     : promo_signin_fail(ctx, &checked->signin);
}

static int make_session(struct promo_ctx *ctx, const char *user_id, bool remember,
	struct promo_actor *actor, struct promo_login_answer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char *token = promo_arena_alloc(ctx->arena, PROMO_TOKEN_SIZE);
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	unsigned char hash[PROMO_HASH_BYTES];
	struct promo_moment_row end;
	int r;

	if (!token || !id)
		return promo_fault(-ENOMEM, "could not make a session");
	promo_uuid_new(id);
	promo_token_new(PROMO_TOKEN_SESSION, token);
	promo_token_hash(token, hash);
	promo_param_text(&params, id);
	promo_param_text(&params, user_id);
	promo_param_bytes(&params, hash, sizeof(hash));
	promo_param_text(&params, ctx->request->ip);
	promo_param_text(&params, ctx->request->user_agent);
	promo_param_bool(&params, remember);
	promo_param_int(&params, remember
					 ? PROMO_SESSION_REMEMBER_S
					 : promo_auth_limits(ctx->settings).absolute_ms / MS_PER_S);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SESSION_INSERT, &params, &end);
	if (r)
		return r;
	actor->session_id = id;
	ret->token = token;
	ret->expires_at = end.at;
	return 0;
}

/* What a sign-in changes beside the new session. */
static int note_sign_in(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_SESSION_PURGE, &params, NULL);
	if (!r)
		r = promo_signin_succeed(ctx, user_id);
	if (r)
		return r;
	r = promo_store_exec(ctx->store, PROMO_Q_USER_SIGNIN, &params, NULL);
	if (r)
		return r;
	if (promo_settings_bool(ctx->settings, PROMO_SETTING_MULTIPLE_SESSIONS))
		return 0;
	return promo_session_end_all(ctx, user_id, NULL, NULL);
}

static int must_enrol(struct promo_ctx *ctx, const struct promo_user *user, bool *ret)
{
	const struct promo_ref *roles = user->roles.items;
	const char **names =
		promo_arena_alloc_array(ctx->arena, user->roles.count + 1, sizeof(*names));

	if (!names)
		return promo_fault(-ENOMEM, "could not sign in");
	for (size_t i = 0; i < user->roles.count; i++)
		names[i] = roles[i].name;
	*ret = promo_auth_must_enrol(ctx->settings, user->mfa_enabled,
		&(struct promo_texts){ names, user->roles.count });
	return 0;
}

int promo_sign_in(
	struct promo_ctx *ctx, const char *user_id, bool remember, struct promo_login_answer *ret)
{
	struct promo_user *user = promo_arena_alloc(ctx->arena, sizeof(*user));
	struct promo_actor *actor = promo_arena_alloc(ctx->arena, sizeof(*actor));
	int r;

	if (!user || !actor)
		return promo_fault(-ENOMEM, "could not sign in");
	r = note_sign_in(ctx, user_id);
	if (r)
		return r;
	*actor = (struct promo_actor){ .kind = PROMO_ACTOR_USER, .user_id = user_id };
	r = make_session(ctx, user_id, remember, actor, ret);
	if (!r)
		r = promo_user_read(ctx, user_id, user);
	if (!r)
		r = must_enrol(ctx, user, &ret->mfa_enrolment_required);
	if (r)
		return r;
	ctx->audit.actor = actor;
	ret->user = user;
	ret->permissions = user->permissions;
	return 0;
}

/* A hash that was made anew is kept whether or not a second factor follows. */
static int keep_rehash(struct promo_ctx *ctx, const struct checked *checked)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	if (!checked->rehash)
		return 0;
	promo_param_text(&params, checked->credential.id);
	promo_param_text(&params, checked->rehash);
	return promo_store_exec(ctx->store, PROMO_Q_USER_REHASH, &params, NULL);
}

int promo_auth_login(
	struct promo_ctx *ctx, const struct promo_login_in *in, struct promo_login_answer *ret)
{
	const struct checked *checked = ctx->before;
	int r;

	r = confirm(ctx, checked, in->password);
	if (!r)
		r = keep_rehash(ctx, checked);
	if (!r)
		r = promo_mfa_ask(ctx, checked->credential.id, in->remember, in->cookie);
	if (!r)
		r = promo_sign_in(ctx, checked->credential.id, in->remember, ret);
	return r || !in->cookie ? r : promo_cookie_set(ctx, in->remember, ret);
}
