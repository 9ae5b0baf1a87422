/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/auth.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/api_key.h"
#include "libpromo/base/hash.h"
#include "libpromo/model/ref.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"

enum {
	MS_PER_MINUTE = 60 * 1000,
	MS_PER_HOUR = 60 * MS_PER_MINUTE,
};

bool promo_auth_bearer(const char *token, struct promo_auth_bearer *ret)
{
	*ret = (struct promo_auth_bearer){ .is_key = token && promo_api_key_valid(token) };
	if (!ret->is_key && !(token && promo_token_valid(PROMO_TOKEN_SESSION, token)))
		return false;
	promo_token_hash(token, ret->hash);
	return true;
}

int promo_auth_read(struct promo_store *store, struct promo_arena *arena, const char *token,
	struct promo_auth_facts *ret)
{
	struct promo_auth_bearer bearer;
	bool known = promo_auth_bearer(token, &bearer);

	return promo_auth_read_bearer(store, arena, known ? &bearer : NULL, ret);
}

int promo_auth_read_bearer(struct promo_store *store, struct promo_arena *arena,
	const struct promo_auth_bearer *bearer, struct promo_auth_facts *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);

	if (bearer && bearer->is_key)
		promo_param_null(&params);
	if (bearer)
		promo_param_bytes(&params, bearer->hash, sizeof(bearer->hash));
	else
		promo_param_null(&params);
	if (!bearer || !bearer->is_key)
		promo_param_null(&params);
	return promo_store_one(store, arena, PROMO_Q_AUTH_READ, &params, ret);
}

static promo_permissions permissions_of(const struct promo_texts *keys)
{
	promo_permissions set = 0;

	/* A key that this version does not know is nobody's right here. */
	for (size_t i = 0; i < keys->count; i++) {
		enum promo_permission permission = promo_permission_from_key(keys->items[i]);

		if (permission != PROMO_P_NONE)
			set |= (promo_permissions)1 << permission;
	}
	return set;
}

bool promo_auth_must_enrol(
	const struct promo_settings *settings, bool mfa_enabled, const struct promo_texts *roles)
{
	bool required = false;

	/* Where none can be enrolled, who needs one could not do anything again. */
	if (!promo_settings_bool(settings, PROMO_SETTING_MFA_ENABLED))
		return false;
	for (size_t i = 0; i < roles->count; i++)
		required = required || promo_settings_lists(settings,
					       PROMO_SETTING_MFA_REQUIRED_ROLES, roles->items[i]);
	return required && !mfa_enabled;
}

struct promo_auth_limits promo_auth_limits(const struct promo_settings *settings)
{
	return (struct promo_auth_limits){
		.idle_ms =
			promo_settings_int(settings, PROMO_SETTING_SESSION_TIMEOUT) * MS_PER_MINUTE,
		.absolute_ms =
			promo_settings_int(settings, PROMO_SETTING_SESSION_HOURS) * MS_PER_HOUR,
	};
}

int64_t promo_auth_seen_ms(const struct promo_actor *actor, const struct promo_auth_limits *limits)
{
	const int64_t tenth = limits->idle_ms / 10;

	return !actor->api_key_id && tenth < PROMO_AUTH_SEEN_MS ? tenth : PROMO_AUTH_SEEN_MS;
}

/* What cannot be read stands for no address, never for all. */
static void know_networks(const struct promo_texts *texts, struct promo_auth_known *known)
{
	known->is_bound = texts->count > 0;
	for (size_t i = 0; i < texts->count && i < PROMO_API_KEY_NETWORKS_MAX; i++)
		if (promo_network_parse(texts->items[i], &known->networks[known->network_count]))
			known->network_count++;
}

void promo_auth_know(const struct promo_auth_facts *facts, struct promo_auth_known *ret)
{
	const bool is_key = facts->api_key_id != NULL;

	*ret = (struct promo_auth_known){
		.actor = {
			.kind = is_key ? PROMO_ACTOR_API_KEY : PROMO_ACTOR_USER,
			.user_id = facts->user_id,
			.name = facts->name,
			.session_id = facts->session_id,
			.api_key_id = facts->api_key_id,
			.rank = facts->rank,
			.super_admin = facts->super_admin && !is_key,
			.must_enrol = facts->must_enrol,
			.permissions = permissions_of(&facts->permissions),
		},
		.remember = facts->remember,
		.created_at = facts->created_at,
		.last_seen_at = facts->last_seen_at,
		.expires_at = facts->expires_at ? facts->expires_at : INT64_MAX,
		.settings_version = facts->settings_version,
	};
	if (!is_key)
		return;
	ret->actor.permissions &= permissions_of(&facts->key_permissions);
	know_networks(&facts->allowed_ips, ret);
}

static int judge_key(const struct promo_auth_known *known, int64_t at, const char *ip)
{
	if (known->expires_at <= at)
		return PROMO_E_API_KEY_EXPIRED;
	if (!known->is_bound)
		return 0;
	for (size_t i = 0; ip && i < known->network_count; i++)
		if (promo_network_holds(&known->networks[i], ip))
			return 0;
	return PROMO_E_ADDRESS_NOT_ALLOWED;
}

int promo_auth_judge_known(const struct promo_auth_known *known, int64_t at,
	const struct promo_auth_limits *limits, const char *ip)
{
	if (known->actor.api_key_id)
		return judge_key(known, at, ip);
	if (known->expires_at <= at)
		return PROMO_E_SESSION_EXPIRED;
	if (known->remember)
		return 0;
	return at - known->last_seen_at > limits->idle_ms ||
			       at - known->created_at >= limits->absolute_ms
		       ? PROMO_E_SESSION_EXPIRED
		       : 0;
}

int promo_auth_judge(const struct promo_auth_facts *facts, bool anonymous,
	const struct promo_auth_limits *limits, const char *ip, struct promo_actor *ret)
{
	struct promo_auth_known known;

	*ret = (struct promo_actor){ .kind = PROMO_ACTOR_ANONYMOUS };
	if (anonymous)
		return 0;
	if (!facts->session_id && !facts->api_key_id)
		return PROMO_E_UNAUTHENTICATED;
	promo_auth_know(facts, &known);
	*ret = known.actor;
	if (!facts->is_active)
		return PROMO_E_UNAUTHENTICATED;
	return promo_auth_judge_known(&known, facts->at, limits, ip);
}

static bool field_given(const struct promo_schema *schema, const void *in, const char *name)
{
	const struct promo_field *field = promo_schema_field(schema, name);

	if (!promo_present(schema, in, name) || promo_field_is_null(field, in))
		return false;
	if (field->kind == PROMO_INT || field->kind == PROMO_MONEY)
		return *(const int64_t *)((const char *)in + field->offset) != 0;
	if (field->kind == PROMO_BOOL)
		return *(const bool *)((const char *)in + field->offset);
	return true;
}

static bool field_is(
	const struct promo_schema *schema, const void *in, const struct promo_required *required)
{
	const struct promo_field *field = promo_schema_field(schema, required->field);

	return *(const int *)(const void *)((const char *)in + field->offset) ==
	       promo_word_value(field->words, required->word);
}

/* Whether a list is narrowed: by any query field but those that say how to show it. */
static bool filtered(const struct promo_schema *schema, const void *in)
{
	static const char *const paging[] = { "limit", "cursor", "count", "sort", "manifest" };
	uint64_t present = ((const struct promo_set *)in)->present;

	for (size_t i = 0; i < schema->count; i++) {
		bool pages = false;

		if (!(schema->fields[i].flags & PROMO_IN_QUERY) || !((present >> i) & 1))
			continue;
		for (size_t j = 0; j < PROMO_COUNT(paging); j++)
			pages = pages || strcmp(schema->fields[i].name, paging[j]) == 0;
		if (!pages)
			return true;
	}
	return false;
}

static bool needed(const struct promo_op *op, const struct promo_required *required, const void *in)
{
	switch (required->when) {
	case PROMO_WHEN_ALWAYS:
		return true;
	case PROMO_WHEN_WITH:
		return in && field_given(op->in, in, required->field);
	case PROMO_WHEN_WITHOUT:
		return in && !field_given(op->in, in, required->field);
	case PROMO_WHEN_IS:
		return in && field_is(op->in, in, required);
	case PROMO_WHEN_IS_NOT:
		return in && !field_is(op->in, in, required);
	case PROMO_WHEN_FILTERED:
		return in && filtered(op->in, in);
	}
	return true;
}

enum promo_permission promo_auth_permission(const struct promo_op *op, const void *in)
{
	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
		if (needed(op, &op->required[i], in))
			return op->required[i].permission;
	return op->required[0].permission;
}

static int missing(
	enum promo_permission permission, struct promo_arena *arena, struct promo_problem *problem)
{
	struct promo_permission_member *member = promo_arena_alloc(arena, sizeof(*member));

	if (!member)
		return promo_fault(-ENOMEM, "could not name the missing permission");
	member->permission = promo_permission_key(permission);
	problem->member_schema = &promo_permission_member_schema;
	problem->members = member;
	return promo_refuse(problem, arena, PROMO_E_FORBIDDEN, "this needs the permission %s",
		member->permission);
}

/* Whether he may do this with some input, where it depends on that which permission is needed. */
static bool may_ever(const struct promo_op *op, const struct promo_actor *actor)
{
	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
		if (op->required[i].when == PROMO_WHEN_ALWAYS ||
			promo_permissions_has(actor->permissions, op->required[i].permission))
			return true;
	return false;
}

int promo_with_auth(const struct promo_op *op, const struct promo_actor *actor, const void *in,
	struct promo_arena *arena, struct promo_problem *problem)
{
	if (op->access == PROMO_ACCESS_PUBLIC)
		return 0;
	if (!actor->user_id && actor->kind != PROMO_ACTOR_SYSTEM)
		return PROMO_E_UNAUTHENTICATED;
	if (actor->must_enrol && !(op->flags & PROMO_OP_UNENROLLED))
		return PROMO_E_MFA_ENROLMENT_REQUIRED;
	if (op->access == PROMO_ACCESS_SELF)
		return actor->api_key_id && !(op->flags & PROMO_OP_BY_API_KEY)
			       ? PROMO_E_SESSION_REQUIRED
			       : 0;
	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
		if (needed(op, &op->required[i], in) &&
			!promo_permissions_has(actor->permissions, op->required[i].permission))
			return missing(op->required[i].permission, arena, problem);
	/* A row that asks for a permission and names none would be open to everybody. */
	if (op->required[0].permission == PROMO_P_NONE)
		return promo_fault(-EINVAL, "%s names no permission", op->name);
	return may_ever(op, actor) ? 0 : missing(op->required[0].permission, arena, problem);
}

bool promo_auth_own_only(const struct promo_op *op, const struct promo_actor *actor)
{
	return op->sees_all != PROMO_P_NONE &&
	       !promo_permissions_has(actor->permissions, op->sees_all);
}

int promo_auth_read_rights(
	struct promo_ctx *ctx, const char *user_id, struct promo_actor *ret, bool *ret_active)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_rights_row rights;
	int r;

	promo_param_text(&params, user_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_RIGHTS, &params, &rights);
	if (r)
		return r;
	*ret_active = rights.is_active;
	*ret = (struct promo_actor){
		.kind = PROMO_ACTOR_USER,
		.user_id = rights.id,
		.rank = rights.rank,
		.super_admin = rights.super_admin,
		.permissions = permissions_of(&rights.permissions),
	};
	return 0;
}

int promo_auth_again(struct promo_ctx *ctx)
{
	struct promo_actor *actor;
	struct promo_actor now;
	bool active;
	int r;

	if (!ctx->actor->user_id)
		return 0;
	r = promo_auth_read_rights(ctx, ctx->actor->user_id, &now, &active);
	if (r)
		return r;
	if (!active)
		return PROMO_E_UNAUTHENTICATED;
	actor = promo_arena_alloc(ctx->arena, sizeof(*actor));
	if (!actor)
		return promo_fault(-ENOMEM, "could not look at rights again");
	*actor = *ctx->actor;
	actor->rank = now.rank;
	actor->super_admin = actor->super_admin && now.super_admin;
	actor->permissions &= now.permissions;
	ctx->actor = actor;
	return promo_with_auth(ctx->op, actor, NULL, ctx->arena, &ctx->problem);
}

int promo_auth_changed(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user_id);
	return promo_store_exec(ctx->store, PROMO_Q_AUTH_CHANGE, &params, NULL);
}

int promo_auth_need(struct promo_ctx *ctx, enum promo_permission permission)
{
	if (promo_permissions_has(ctx->actor->permissions, permission))
		return 0;
	return missing(permission, ctx->arena, &ctx->problem);
}
