/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/registration.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/ops/passwords.h"
#include "libpromo/ops/roles.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/signin.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

#define ROLE_USER "user"

/*
 * Asking.
 */

/* What before() prepared. */
struct prepared {
	struct promo_signin signin; /* who asks all the time waits, as who guesses passwords does */
	const char *hash;
};

int promo_registration_create_check(
	struct promo_ctx *ctx, const struct promo_registration_create_in *in)
{
	const struct promo_schema *schema = &promo_registration_create_in_schema;
	const struct promo_password_owner owner = {
		.first_name = in->first_name,
		.last_name = in->last_name,
		.email = in->email,
		.phone_number = in->phone_number,
	};
	bool form_bad = ctx->problem.field_count > 0;
	bool given = form_bad && (promo_present(schema, in, "email") ||
					 promo_present(schema, in, "phone_number"));
	int r = 0;

	if (!in->email && !in->phone_number && !given)
		r = promo_ctx_refuse_field(ctx, "/email", "required",
			"an e-mail address or a phone number is needed to sign in");
	if (r >= 0 && in->password)
		r = promo_new_password_check(ctx, &owner, "/password", in->password);
	if (r < 0)
		return r;
	return ctx->problem.field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

int promo_registration_create_before(
	struct promo_ctx *ctx, const struct promo_registration_create_in *in)
{
	struct prepared *prepared = promo_arena_alloc(ctx->arena, sizeof(*prepared));
	int r;

	if (!prepared)
		return promo_fault(-ENOMEM, "could not register somebody");
	ctx->before = prepared;
	if (!promo_settings_bool(ctx->settings, PROMO_SETTING_REGISTRATION_ENABLED))
		return PROMO_E_REGISTRATION_CLOSED;
	r = promo_registration_create_check(ctx, in);
	if (!r)
		r = promo_signin_begin(ctx, NULL, NULL, &prepared->signin);
	if (!r)
		r = promo_signin_look(ctx, &prepared->signin);
	return r ? r : promo_new_password_hash(ctx, in->password, &prepared->hash);
}

static int tell_of_request(struct promo_ctx *ctx, const char *id)
{
	return promo_tell(
		ctx, &(struct promo_event){
			     .kind = PROMO_EVENT_REGISTRATION,
			     .about_kind = "registration",
			     .about_id = id,
			     .title = "Somebody asks for an account",
			     .body = "Look at the list of registrations to see who it is, "
				     "and approve or reject it.",
			     .count = PROMO_NULL_INT,
		     });
}

int promo_registration_create(struct promo_ctx *ctx, const struct promo_registration_create_in *in)
{
	const struct prepared *prepared = ctx->before;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	int64_t inserted;
	int r;

	if (!id)
		return promo_fault(-ENOMEM, "could not register somebody");
	r = promo_signin_count(ctx, &prepared->signin);
	if (r)
		return r;
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, in->first_name);
	promo_param_text(&params, in->last_name);
	promo_param_text(&params, in->email);
	promo_param_text(&params, in->phone_number);
	promo_param_text(&params, prepared->hash);
	r = promo_store_exec(ctx->store, PROMO_Q_REGISTRATION_INSERT, &params, &inserted);
	if (r || inserted == 0)
		return r;
	promo_audit_entity(ctx, "registration", id);
	return tell_of_request(ctx, id);
}

/*
 * Deciding.
 */

int promo_registration_list(
	struct promo_ctx *ctx, const struct promo_registration_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, promo_word(&promo_approval_words, in->status));
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_REGISTRATION_LIST, PROMO_Q_REGISTRATION_COUNT), &params,
		ret);
}

static int get(struct promo_ctx *ctx, const char *id, struct promo_registration *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_REGISTRATION_GET, &params, ret);
}

/* Locks one that waits. */
static int lock(struct promo_ctx *ctx, const char *id, struct promo_registration *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row locked;
	int r;

	promo_audit_entity(ctx, "registration", id);
	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_REGISTRATION_LOCK, &params, &locked);
	if (!r)
		r = get(ctx, id, ret);
	if (r || ret->status == PROMO_APPROVAL_PENDING)
		return r;
	return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION, "it was %s before",
		promo_word(&promo_approval_words, ret->status));
}

static int decide(struct promo_ctx *ctx, const struct promo_registration *was,
	enum promo_approval status, struct promo_registration *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, was->id);
	promo_param_text(&params, promo_word(&promo_approval_words, (int)status));
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_REGISTRATION_DECIDE, &params, NULL);
	if (!r)
		r = get(ctx, was->id, ret);
	return r ? r : promo_audit_change(ctx, &promo_registration_schema, "status", was, ret);
}

static int make_user(struct promo_ctx *ctx, const char *registration_id, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params giving = PROMO_PARAMS(ctx->arena);
	struct promo_role role;
	int r;

	promo_param_text(&params, user_id);
	promo_param_text(&params, registration_id);
	r = promo_store_exec(ctx->store, PROMO_Q_USER_REGISTER, &params, NULL);
	if (!r)
		r = promo_role_lock(ctx, ROLE_USER, &role);
	if (r == PROMO_E_NOT_FOUND)
		return promo_fault(-ENOENT, "the role " ROLE_USER " is missing");
	if (r)
		return r;
	/* Who registers and approves himself gains nothing, whatever the role may do by now. */
	if (!promo_outmatches(ctx->actor, &role.permissions))
		return promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN,
			"one gives the role " ROLE_USER " only if one may do oneself what it may");
	promo_param_text(&giving, user_id);
	promo_param_text(&giving, role.id);
	return promo_store_exec(ctx->store, PROMO_Q_USER_ADDROLE, &giving, NULL);
}

static int mail(struct promo_ctx *ctx, const struct promo_registration *registration)
{
	const struct promo_fact facts[] = {
		{ "name", registration->first_name },
		{ "identifier", registration->email },
	};

	if (!registration->email || !promo_outbox_ready(ctx->settings, PROMO_CHANNEL_EMAIL))
		return 0;
	ctx->wake_jobs = true;
	return promo_outbox_add(ctx->store, ctx->arena,
		&(struct promo_letter){
			.channel = PROMO_CHANNEL_EMAIL,
			.kind = "registration_approved",
			.recipients = { &registration->email, 1 },
			.facts = { facts, PROMO_COUNT(facts) },
		});
}

static int tell_of_user(struct promo_ctx *ctx, const char *user_id)
{
	return promo_tell(ctx, &(struct promo_event){
				       .kind = PROMO_EVENT_USER_REGISTERED,
				       .about_kind = "user",
				       .about_id = user_id,
				       .title = "There is a new user",
				       .body = "It is somebody who registered and was approved.",
				       .count = PROMO_NULL_INT,
			       });
}

int promo_registration_approve(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_registration *ret)
{
	struct promo_registration was;
	char user_id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(user_id);
	r = lock(ctx, in->id, &was);
	if (!r)
		r = make_user(ctx, was.id, user_id);
	if (!r)
		r = decide(ctx, &was, PROMO_APPROVAL_APPROVED, ret);
	if (!r)
		r = mail(ctx, &was);
	return r ? r : tell_of_user(ctx, user_id);
}

int promo_registration_reject(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_registration *ret)
{
	struct promo_registration was;
	int r;

	r = lock(ctx, in->id, &was);
	return r ? r : decide(ctx, &was, PROMO_APPROVAL_REJECTED, ret);
}
