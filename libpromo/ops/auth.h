/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/network.h"
#include "libpromo/base/problem.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * Who asks, and may he. promo_with_auth() is the only place where permissions are enforced; the
 * runner and the lanes call it for every operation and there is no way around them. A runner caches
 * nothing: the session, the user, his roles and their permissions are read with the first statement
 * of every request, so a right that was taken away is gone with the very next one. What the lanes do
 * instead stands in auth_cache.h.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_AUTH_SEEN_MS =
		60 * 1000, /* how often the use of a session or key is noted, at most */
	PROMO_API_KEY_NETWORKS_MAX = 16,
};

/* Reads the facts about a token, of a session or an API key (NULL: about nobody), in one statement. */
int promo_auth_read(struct promo_store *store, struct promo_arena *arena, const char *token,
	struct promo_auth_facts *ret) PROMO_CHECK;

/* The same for who has to be looked at again later: what stands for a token that nobody keeps. */
struct promo_auth_bearer {
	unsigned char hash[PROMO_HASH_BYTES];
	bool is_key; /* else a session */
};
/* False: this is no token of either. */
bool promo_auth_bearer(const char *token, struct promo_auth_bearer *ret);
int promo_auth_read_bearer(struct promo_store *store, struct promo_arena *arena,
	const struct promo_auth_bearer *bearer, struct promo_auth_facts *ret) PROMO_CHECK;

/* How long a session lasts that was not asked to be remembered: without a request, and in all. */
struct promo_auth_limits {
	int64_t idle_ms, absolute_ms;
};
struct promo_auth_limits promo_auth_limits(const struct promo_settings *settings);

/* How old the noted use of a session or key may become before it is noted again. What a busy session did
 * since then counts as idle, so that is a tenth of the idle limit where that is short. */
int64_t promo_auth_seen_ms(const struct promo_actor *actor, const struct promo_auth_limits *limits);

/* Makes the actor of them; `anonymous` for a public operation, which looks at no token. `ip` is where
 * he comes from (NULL: nobody knows).
 * PROMO_E_UNAUTHENTICATED: no token, none that is known, or its user is inactive.
 * PROMO_E_SESSION_EXPIRED: past its end, or past the limits. PROMO_E_API_KEY_EXPIRED: past its end.
 * PROMO_E_ADDRESS_NOT_ALLOWED: the key is bound to other addresses.
 * *ret is set in every case, so that a refusal has its actor too. An actor who comes with a key may do
 * what the key is for and its owner may at this moment, and is never a super-admin: what such a person
 * decides alone, he decides himself. */
int promo_auth_judge(const struct promo_auth_facts *facts, bool anonymous,
	const struct promo_auth_limits *limits, const char *ip,
	struct promo_actor *ret) PROMO_CHECK;

/* Whether a user with these roles (by name) has to enrol a second factor before anything else: one of
 * them asks for it (setting two_factor_authentication.required_roles), and he has none. */
bool promo_auth_must_enrol(
	const struct promo_settings *settings, bool mfa_enabled, const struct promo_texts *roles);

/* What of the facts about a session or key outlives the request that read them. Texts are borrowed. */
struct promo_auth_known {
	struct promo_actor actor;
	bool remember;
	int64_t created_at, last_seen_at, expires_at; /* expires_at: INT64_MAX is never */
	int64_t settings_version;                     /* must_enrol holds for these settings only */
	bool is_bound;                                /* a key: to these networks */
	size_t network_count;
	struct promo_network networks[PROMO_API_KEY_NETWORKS_MAX];
};
/* Of facts that have a session or a key. */
void promo_auth_know(const struct promo_auth_facts *facts, struct promo_auth_known *ret);
/* PROMO_E_SESSION_EXPIRED, PROMO_E_API_KEY_EXPIRED and PROMO_E_ADDRESS_NOT_ALLOWED as above, at this
 * moment of the database's clock. */
int promo_auth_judge_known(const struct promo_auth_known *known, int64_t at,
	const struct promo_auth_limits *limits, const char *ip) PROMO_CHECK;

/* Whether the actor may call op: its access and its permissions. `in` is the decoded input, or NULL
 * while there is none: then only the permissions that are needed in any case are looked at.
 * PROMO_E_UNAUTHENTICATED, PROMO_E_MFA_ENROLMENT_REQUIRED, PROMO_E_SESSION_REQUIRED where a key will
 * not do, or PROMO_E_FORBIDDEN with the member `permission` in *problem. */
int promo_with_auth(const struct promo_op *op, const struct promo_actor *actor, const void *in,
	struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;

/* The permission that this input stands upon, for the audit trail: the first one that it needs; without
 * an input the first one of the row. */
enum promo_permission promo_auth_permission(const struct promo_op *op, const void *in);

/* Whether the row limits this actor to what is his own (sees_all). */
bool promo_auth_own_only(const struct promo_op *op, const struct promo_actor *actor);

/* Reads a user's rights as they are now; *ret is the actor that he would be, without a session. */
int promo_auth_read_rights(struct promo_ctx *ctx, const char *user_id, struct promo_actor *ret,
	bool *ret_active) PROMO_CHECK;

/* For whoever decides on people's rights, behind every lock that he may have waited for: what was taken
 * from the actor meanwhile he has no longer, and ctx->actor says so. PROMO_E_UNAUTHENTICATED,
 * PROMO_E_FORBIDDEN. */
int promo_auth_again(struct promo_ctx *ctx) PROMO_CHECK;

/* For whoever takes something away or changes rights (design "Immediate effect"): raises the epoch
 * and notes the user concerned. Inside the transaction of the change. */
int promo_auth_changed(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;

/* For the one permission that no row can name, since it follows from what is in the database: which
 * one a job needs to be cancelled. PROMO_E_FORBIDDEN as above. */
int promo_auth_need(struct promo_ctx *ctx, enum promo_permission permission) PROMO_CHECK;

PROMO_END_DECLS
