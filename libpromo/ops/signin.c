/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/signin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/ops/alert.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/signin.h"
#include "libpromo/store/store.h"

enum {
	MS_PER_S = 1000,
	MS_PER_MINUTE = 60 * MS_PER_S,
	SUBJECTS = 3,
	NETWORK_BYTES = 8, /* of IPv6: who has one address has all 2^64 of its network */
	MAPPED_BYTES = 12, /* ::ffff:0:0/96 */
};

/*
 * Subjects.
 */

static int name_address(struct promo_ctx *ctx, const char **ret)
{
	const char *ip = ctx->request->ip;
	char text[INET6_ADDRSTRLEN];
	struct in6_addr in6;

	*ret = ip ? ip : "local";
	if (!ip || inet_pton(AF_INET6, ip, &in6) != 1)
		return 0;
	/* IPv4 by way of a socket for both: its network holds every address of IPv4 there is. */
	if (IN6_IS_ADDR_V4MAPPED(&in6))
		(void)inet_ntop(AF_INET, in6.s6_addr + MAPPED_BYTES, text, sizeof(text));
	else
		promo_hex_encode(in6.s6_addr, NETWORK_BYTES, text);
	*ret = promo_arena_strdup(ctx->arena, text);
	return *ret ? 0 : promo_fault(-ENOMEM, "could not name an address");
}

/* What somebody typed who has no account is not kept. */
static int name_stranger(struct promo_ctx *ctx, const char *name, const char **ret)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char *hex = promo_arena_alloc(ctx->arena, PROMO_HASH_HEX_SIZE);

	if (!hex)
		return promo_fault(-ENOMEM, "could not name an account");
	promo_hash_keyed(ctx->config->hash_key, name, strlen(name), hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	*ret = hex;
	return 0;
}

int promo_signin_begin(
	struct promo_ctx *ctx, const char *user_id, const char *name, struct promo_signin *ret)
{
	struct promo_signin signin = { .user_id = user_id };
	const char *account = user_id, *address;
	int r;

	r = name_address(ctx, &address);
	if (!r && !account)
		r = name_stranger(ctx, name ? name : address, &account);
	if (r)
		return r;
	signin.both = promo_arena_printf(ctx->arena, "%s/%s", account, address);
	signin.account = promo_arena_printf(ctx->arena, "%s/", account);
	signin.address = promo_arena_printf(ctx->arena, "/%s", address);
	if (!signin.both || !signin.account || !signin.address)
		return promo_fault(-ENOMEM, "could not name a sign-in");
	*ret = signin;
	return 0;
}

/*
 * Where they stand.
 */

struct standing {
	const char *subject;
	struct promo_signin_limit limit;
	struct promo_signin_state state;
};

/* Those that count for this sign-in. */
struct standings {
	struct standing items[SUBJECTS];
	size_t count;
	int64_t at;
};

static const struct promo_signin_row *row_of(const struct promo_objects *rows, const char *subject)
{
	const struct promo_signin_row *items = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(items[i].subject, subject) == 0)
			return &items[i];
	return NULL;
}

static void add(struct promo_ctx *ctx, const struct promo_objects *rows, const char *subject,
	int64_t times, struct standings *all)
{
	const struct promo_signin_row *row = row_of(rows, subject);
	struct standing *standing = &all->items[all->count++];

	*standing = (struct standing){
		.subject = subject,
		.limit = {
			.free = times * promo_settings_int(ctx->settings,
						PROMO_SETTING_LOCKOUT_ATTEMPTS),
			.delay_max_ms = promo_settings_int(ctx->settings,
						PROMO_SETTING_LOCKOUT_MINUTES) *
					MS_PER_MINUTE,
		},
	};
	if (row)
		standing->state = (struct promo_signin_state){
			.failures = row->failures,
			.last = row->last,
			.blocked_until = row->blocked_until,
		};
}

static int read_standings(struct promo_ctx *ctx, const struct promo_signin *signin,
	enum promo_query query, struct standings *ret)
{
	const char *const subjects[SUBJECTS] = { signin->both, signin->account, signin->address };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct standings all = { .at = ctx->now_ms };
	const struct promo_signin_row *own;
	struct promo_objects rows;
	int r;

	promo_param_texts(&params, (struct promo_texts){ subjects, SUBJECTS });
	promo_param_int(&params, PROMO_SIGNIN_KNOWN_DAYS);
	r = promo_store_all(ctx->store, ctx->arena, query, &params, &rows);
	if (r)
		return r;
	if (rows.count > 0)
		all.at = ((const struct promo_signin_row *)rows.items)->at;
	own = row_of(&rows, signin->both);
	add(ctx, &rows, signin->both, 1, &all);
	if (!own || !own->known) {
		add(ctx, &rows, signin->account, PROMO_SIGNIN_ACCOUNT_TIMES, &all);
		add(ctx, &rows, signin->address, PROMO_SIGNIN_ADDRESS_TIMES, &all);
	}
	*ret = all;
	return 0;
}

static int refuse(struct promo_ctx *ctx, const struct standings *all)
{
	int64_t wait_ms = 0;

	for (size_t i = 0; i < all->count; i++) {
		const int64_t wait = promo_signin_wait_ms(&all->items[i].state, all->at);

		wait_ms = wait > wait_ms ? wait : wait_ms;
	}
	if (wait_ms == 0)
		return 0;
	ctx->problem.retry_after_s = (wait_ms + MS_PER_S - 1) / MS_PER_S;
	ctx->rate_limit = (struct promo_rate_limit){
		.name = "sign-ins",
		.quota = all->items[0].limit.free,
		.window_s = PROMO_SIGNIN_REST_MS / MS_PER_S,
		.left = 0,
		.reset_s = ctx->problem.retry_after_s,
	};
	return promo_ctx_refuse(
		ctx, PROMO_E_TOO_MANY_REQUESTS, "too many sign-ins failed, wait before the next");
}

static int look(struct promo_ctx *ctx, const struct promo_signin *signin, enum promo_query query)
{
	struct standings all;
	int r;

	r = read_standings(ctx, signin, query, &all);
	return r ? r : refuse(ctx, &all);
}

int promo_signin_look(struct promo_ctx *ctx, const struct promo_signin *signin)
{
	return look(ctx, signin, PROMO_Q_SIGNIN_READ);
}

int promo_signin_admit(struct promo_ctx *ctx, const struct promo_signin *signin)
{
	return look(ctx, signin, PROMO_Q_SIGNIN_LOCK);
}

/*
 * Failures.
 */

struct evidence {
	const char *user_id;
	int64_t failures;
};

#define T struct evidence
static const struct promo_field evidence_fields[] = {
	PROMO_F_TEXT(T, user_id, ID, 0, 0, 0, "whose password is guessed"),
	PROMO_F_INT(T, failures, 0, 0, 0, "sign-ins that failed in a row"),
};
#undef T
static const struct promo_schema evidence_schema =
	PROMO_SCHEMA(struct evidence, "signin_guessing_evidence", evidence_fields);

static int raise_alert(struct promo_ctx *ctx, const char *user_id, int64_t failures)
{
	const struct evidence evidence = { user_id, failures };

	return promo_alert_raise(ctx, &(struct promo_alert_cause){
					      .kind = PROMO_ALERT_SIGNIN_GUESSING,
					      .about = user_id,
					      .evidence_schema = &evidence_schema,
					      .evidence = &evidence,
				      });
}

static int write_standing(struct promo_ctx *ctx, const struct standing *standing)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, standing->subject);
	promo_param_int(&params, standing->state.failures);
	promo_param_time(&params, standing->state.last);
	promo_param_time(&params, standing->state.blocked_until);
	return promo_store_exec(ctx->store, PROMO_Q_SIGNIN_WRITE, &params, NULL);
}

/* Nobody's row is looked for as well: the work is the same. */
static int note_user(struct promo_ctx *ctx, const char *user_id, int64_t blocked_until)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user_id);
	promo_param_time(&params, blocked_until);
	return promo_store_exec(ctx->store, PROMO_Q_USER_FAILED, &params, NULL);
}

static int count(struct promo_ctx *ctx, const struct promo_signin *signin, struct standings *all)
{
	int64_t blocked_until = 0, failures = 0;
	int r;

	for (size_t i = 0; i < all->count; i++) {
		struct standing *standing = &all->items[i];

		standing->state = promo_signin_failure(&standing->limit, &standing->state, all->at);
		r = write_standing(ctx, standing);
		if (r)
			return r;
		if (standing->subject == signin->address)
			continue;
		if (standing->state.blocked_until > blocked_until)
			blocked_until = standing->state.blocked_until;
		if (standing->state.failures > failures)
			failures = standing->state.failures;
	}
	r = note_user(ctx, signin->user_id, blocked_until);
	if (!r && signin->user_id && failures >= PROMO_SIGNIN_ALERT)
		r = raise_alert(ctx, signin->user_id, failures);
	return r;
}

int promo_signin_count(struct promo_ctx *ctx, const struct promo_signin *signin)
{
	struct standings all;
	int r;

	r = read_standings(ctx, signin, PROMO_Q_SIGNIN_OPEN, &all);
	if (!r)
		r = refuse(ctx, &all);
	return r ? r : count(ctx, signin, &all);
}

int promo_signin_fail(struct promo_ctx *ctx, const struct promo_signin *signin)
{
	int r = promo_signin_count(ctx, signin);

	if (r)
		return r;
	ctx->commit_refusal = true;
	return PROMO_E_INVALID_CREDENTIALS;
}

/*
 * The end of it.
 */

int promo_signin_succeed(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_signin signin;
	int r;

	r = promo_signin_begin(ctx, user_id, NULL, &signin);
	if (r)
		return r;
	promo_param_text(&params, signin.both);
	return promo_store_exec(ctx->store, PROMO_Q_SIGNIN_KNOW, &params, NULL);
}

int promo_signin_unlock(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_SIGNIN_UNLOCK, &params, NULL);
	return r ? r : promo_store_exec(ctx->store, PROMO_Q_MFA_GUESS_FORGET, &params, NULL);
}
