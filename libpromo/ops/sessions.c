/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/sessions.h"

#include <errno.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/cookie.h"
#include "libpromo/ops/page.h"
#include "libpromo/ops/passwords.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/signin.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	MS_PER_S = 1000
};

int promo_session_end_all(
	struct promo_ctx *ctx, const char *user_id, const char *but, int64_t *ret_ended)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t ended;
	int r;

	promo_param_text(&params, user_id);
	promo_param_text(&params, but);
	r = promo_store_exec(ctx->store, PROMO_Q_SESSION_ENDALL, &params, &ended);
	if (r)
		return r;
	if (ended > 0) {
		r = promo_auth_changed(ctx, user_id);
		if (r)
			return r;
	}
	if (ret_ended)
		*ret_ended = ended;
	return 0;
}

static int end_one(struct promo_ctx *ctx, const char *session_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t ended;
	int r;

	promo_audit_entity(ctx, "session", session_id);
	promo_param_text(&params, session_id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_SESSION_END, &params, &ended);
	if (r)
		return r;
	if (ended == 0)
		return PROMO_E_NOT_FOUND;
	return promo_auth_changed(ctx, ctx->actor->user_id);
}

int promo_auth_logout(struct promo_ctx *ctx)
{
	int r;

	/* Somebody else may have ended it a moment ago, which is as good. */
	r = end_one(ctx, ctx->actor->session_id);
	return r && r != PROMO_E_NOT_FOUND ? r : promo_cookie_clear(ctx);
}

int promo_session_end(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	return end_one(ctx, in->id);
}

/* To what the key that asks may do. */
static int narrow(struct promo_ctx *ctx, struct promo_texts *permissions)
{
	const char **kept =
		promo_arena_alloc_array(ctx->arena, permissions->count + 1, sizeof(*kept));
	size_t count = 0;

	if (!kept)
		return promo_fault(-ENOMEM, "could not list permissions");
	for (size_t i = 0; i < permissions->count; i++)
		if (promo_permissions_has(ctx->actor->permissions,
			    promo_permission_from_key(permissions->items[i])))
			kept[count++] = permissions->items[i];
	*permissions = (struct promo_texts){ kept, count };
	return 0;
}

int promo_me_show(struct promo_ctx *ctx, struct promo_user *ret)
{
	int r = promo_user_read(ctx, ctx->actor->user_id, ret);

	return r || !ctx->actor->api_key_id ? r : narrow(ctx, &ret->permissions);
}

int promo_auth_session(struct promo_ctx *ctx, struct promo_session_answer *ret)
{
	struct promo_user *user = promo_arena_alloc(ctx->arena, sizeof(*user));
	struct promo_session *session = promo_arena_alloc(ctx->arena, sizeof(*session));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	if (!user || !session)
		return promo_fault(-ENOMEM, "could not show a session");
	promo_param_text(&params, ctx->actor->session_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SESSION_SHOW, &params, session);
	if (!r)
		r = promo_user_read(ctx, ctx->actor->user_id, user);
	/* Signed out by somebody else since the request began. */
	if (r == PROMO_E_NOT_FOUND)
		return PROMO_E_UNAUTHENTICATED;
	if (r)
		return r;
	*ret = (struct promo_session_answer){
		.user = user,
		.permissions = user->permissions,
		.session = session,
	};
	return 0;
}

int promo_session_page(struct promo_ctx *ctx, const char *user_id, int64_t limit,
	const char *cursor, bool count, struct promo_list *ret)
{
	const struct promo_auth_limits limits = promo_auth_limits(ctx->settings);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row total = { .count = PROMO_NULL_INT };
	struct promo_objects rows;
	struct promo_page page;
	int r;

	r = promo_page_open(ctx, "id", limit, cursor, &page);
	if (r)
		return r;
	promo_param_text(&params, user_id);
	promo_param_text(&params, ctx->actor->session_id);
	promo_param_int(&params, limits.idle_ms / MS_PER_S);
	promo_param_int(&params, limits.absolute_ms / MS_PER_S);
	promo_page_params(&page, &params);
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_SESSION_LIST, &params, &rows);
	if (!r && count) {
		params = PROMO_PARAMS(ctx->arena);
		promo_param_text(&params, user_id);
		promo_param_int(&params, limits.idle_ms / MS_PER_S);
		promo_param_int(&params, limits.absolute_ms / MS_PER_S);
		r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SESSION_COUNT, &params, &total);
	}
	if (r)
		return r;
	return promo_page_close(ctx, &page, &rows, total.count, ret);
}

int promo_session_list(
	struct promo_ctx *ctx, const struct promo_session_list_in *in, struct promo_list *ret)
{
	return promo_session_page(ctx, ctx->actor->user_id, in->limit, in->cursor, in->count, ret);
}

/* What before() looked at and made, before the transaction. */
struct own_password {
	struct promo_signin signin;
	bool right;
	const char *password, *hash, *new_hash; /* new_hash: NULL where it stays */
};

int promo_password_ask(struct promo_ctx *ctx, const char *password)
{
	struct own_password *own = promo_arena_alloc(ctx->arena, sizeof(*own));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_credential_row credential;
	const char *rehash;
	int r;

	if (!own)
		return promo_fault(-ENOMEM, "could not check a password");
	promo_audit_entity(ctx, "user", ctx->actor->user_id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_one(
		ctx->store, ctx->arena, PROMO_Q_USER_SHOWCREDENTIAL, &params, &credential);
	if (r)
		return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
	*own = (struct own_password){ .password = password, .hash = credential.password_hash };
	r = promo_signin_begin(ctx, credential.id, NULL, &own->signin);
	if (!r)
		r = promo_signin_look(ctx, &own->signin);
	if (!r)
		r = promo_known_password_verify(ctx, credential.password_hash, password, &rehash);
	if (r && r != PROMO_E_INVALID_CREDENTIALS)
		return r;
	own->right = r == 0;
	ctx->before = own;
	return 0;
}

int promo_password_confirm(struct promo_ctx *ctx, const struct promo_credential_row *now)
{
	const struct own_password *own = ctx->before;
	bool right = false;
	int r = 0;

	if (own->right && now->password_hash)
		r = promo_known_password_still(
			ctx, own->hash, now->password_hash, own->password, &right);
	if (r)
		return r;
	return right ? promo_signin_admit(ctx, &own->signin) : promo_signin_fail(ctx, &own->signin);
}

static int check_new_password(struct promo_ctx *ctx, const char *password)
{
	struct promo_user user;
	int r;

	r = promo_user_read(ctx, ctx->actor->user_id, &user);
	if (r)
		return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
	return promo_new_password_check(ctx,
		&(struct promo_password_owner){
			.first_name = user.first_name,
			.last_name = user.last_name,
			.email = user.email,
			.phone_number = user.phone_number,
		},
		"/new_password", password);
}

int promo_me_password_before(struct promo_ctx *ctx, const struct promo_me_password_in *in)
{
	struct own_password *own;
	int r;

	r = promo_password_ask(ctx, in->current_password);
	if (r)
		return r;
	own = ctx->before;
	/* The operation itself refuses and counts it. */
	if (!own->right)
		return 0;
	r = check_new_password(ctx, in->new_password);
	return r ? r : promo_new_password_hash(ctx, in->new_password, &own->new_hash);
}

int promo_me_password(struct promo_ctx *ctx, const struct promo_me_password_in *in)
{
	const struct own_password *own = ctx->before;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_credential_row now;
	int r;

	(void)in; /* before() has read it */
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCKCREDENTIAL, &params, &now);
	if (r)
		return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
	r = promo_password_confirm(ctx, &now);
	if (r)
		return r;
	promo_param_text(&params, own->new_hash);
	r = promo_store_exec(ctx->store, PROMO_Q_USER_SETPASSWORD, &params, NULL);
	if (!r)
		r = promo_audit_change_hidden(ctx, "password");
	if (!r)
		r = promo_session_end_all(ctx, ctx->actor->user_id, ctx->actor->session_id, NULL);
	return r;
}
