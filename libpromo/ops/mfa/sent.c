/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mfa/sent.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/mfa.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	DIGITS = 6,
	CODES = 1000000
};

static enum promo_channel channel_of(enum promo_mfa_method method)
{
	return method == PROMO_MFA_EMAIL ? PROMO_CHANNEL_EMAIL : PROMO_CHANNEL_SMS;
}

bool promo_sent_ready(const struct promo_ctx *ctx, enum promo_mfa_method method)
{
	return (method == PROMO_MFA_EMAIL || method == PROMO_MFA_SMS) &&
	       promo_outbox_ready(ctx->settings, channel_of(method));
}

bool promo_sent_offered(const struct promo_ctx *ctx, enum promo_mfa_method method)
{
	return promo_sent_ready(ctx, method) &&
	       promo_settings_bool(ctx->settings, PROMO_SETTING_MFA_ENABLED) &&
	       promo_settings_lists(ctx->settings, PROMO_SETTING_MFA_METHODS,
		       promo_word(&promo_mfa_method_words, (int)method));
}

int promo_sent_address(
	struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method, const char **ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_mfa_method_row row;
	bool found;
	int r;

	promo_param_text(&params, user_id);
	promo_param_text(&params, promo_word(&promo_mfa_method_words, (int)method));
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_MFA_METHOD_GET, &params, &row, &found);
	if (!r)
		*ret = found && row.confirmed_at ? row.address : NULL;
	return r;
}

static int add_hash(struct promo_ctx *ctx, const char *user_id, const char *method,
	const char *code, struct promo_params *params)
{
	char *text = promo_arena_printf(ctx->arena, "%s/%s/%s", user_id, method, code);
	unsigned char hash[PROMO_HASH_BYTES];

	if (!text)
		return promo_fault(-ENOMEM, "could not look at a code");
	promo_hash_keyed(ctx->config->hash_key, text, strlen(text), hash);
	promo_secret_wipe_text(text);
	promo_param_text(params, user_id);
	promo_param_text(params, method);
	promo_param_bytes(params, hash, sizeof(hash));
	return 0;
}

static int note(
	struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method, const char *code)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t noted;
	int r;

	r = add_hash(ctx, user_id, promo_word(&promo_mfa_method_words, (int)method), code, &params);
	if (r)
		return r;
	promo_param_int(&params, PROMO_MFA_SENT_S);
	promo_param_int(&params, PROMO_MFA_SEND_PAUSE_S);
	promo_param_int(&params, PROMO_MFA_SENDS_AN_HOUR);
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_CODE_SEND, &params, &noted);
	if (r || noted == 1)
		return r;
	ctx->problem.retry_after_s = PROMO_MFA_SEND_PAUSE_S;
	return promo_ctx_refuse(ctx, PROMO_E_TOO_MANY_REQUESTS,
		"a code was sent a moment ago, or %d in this hour; wait a little before the next",
		PROMO_MFA_SENDS_AN_HOUR);
}

int promo_sent_write(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char *address, const char *kind)
{
	const struct promo_random random = promo_random_system();
	char code[DIGITS + 1], minutes[8];
	const struct promo_fact facts[] = { { "code", code }, { "minutes", minutes } };
	const struct promo_letter letter = {
		.channel = channel_of(method),
		.kind = kind,
		.recipients = { &address, 1 },
		.facts = { facts, PROMO_COUNT(facts) },
		.seal_key = ctx->config->mfa_key,
		.tried_s = PROMO_MFA_SENT_S,
	};
	int r;

	if (!letter.seal_key)
		return promo_fault(-ENOKEY, "there is no key to seal a code with");
	(void)snprintf(code, sizeof(code), "%06u", promo_random_below(&random, CODES) % CODES);
	(void)snprintf(minutes, sizeof(minutes), "%d", PROMO_MFA_SENT_S / 60);
	r = note(ctx, user_id, method, code);
	if (!r)
		r = promo_outbox_add(ctx->store, ctx->arena, &letter);
	promo_secret_wipe(code, sizeof(code));
	if (!r)
		ctx->wake_jobs = true;
	return r;
}

/* People type "123 456"; false: it is no code. */
static bool read_digits(const char *text, char ret[DIGITS + 1])
{
	size_t length = 0;

	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (!isdigit((unsigned char)*text) || length == DIGITS)
			return false;
		ret[length++] = *text;
	}
	ret[length] = '\0';
	return length == DIGITS;
}

int promo_sent_use(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char *code, bool *ret_right)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char typed[DIGITS + 1];
	int64_t used;
	int r;

	*ret_right = false;
	if (!read_digits(code, typed))
		return 0;
	r = add_hash(
		ctx, user_id, promo_word(&promo_mfa_method_words, (int)method), typed, &params);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_MFA_CODE_USE, &params, &used);
	if (!r)
		*ret_right = used == 1;
	return r;
}
