/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/passwords.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/password.h"
#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"

int promo_new_password_check(struct promo_ctx *ctx, const struct promo_password_owner *owner,
	const char *pointer, const char *password)
{
	const struct promo_settings *settings = ctx->settings;
	const struct promo_password_policy policy = {
		.min_length = promo_settings_int(settings, PROMO_SETTING_PASSWORD_MIN_LENGTH),
		.require_uppercase =
			promo_settings_bool(settings, PROMO_SETTING_PASSWORD_UPPERCASE),
		.require_lowercase =
			promo_settings_bool(settings, PROMO_SETTING_PASSWORD_LOWERCASE),
		.require_numbers = promo_settings_bool(settings, PROMO_SETTING_PASSWORD_NUMBERS),
		.require_special_chars =
			promo_settings_bool(settings, PROMO_SETTING_PASSWORD_SYMBOLS),
		.company_name = promo_settings_text(settings, PROMO_SETTING_COMPANY_NAME),
	};
	struct promo_password_refusal refusal;
	int r;

	r = promo_password_check(&policy, owner, password, ctx->arena, &refusal);
	if (r == PROMO_E_INVALID_INPUT)
		return promo_ctx_refuse_field(ctx, pointer, refusal.code, "%s", refusal.message);
	return r;
}

static int hash(struct promo_ctx *ctx, const char *password, const char **ret)
{
	char *text = promo_arena_alloc(ctx->arena, PROMO_PASSWORD_HASH_SIZE);
	int r;

	if (!text)
		return promo_fault(-ENOMEM, "could not hash a password");
	r = promo_password_hash(password, text);
	if (!r)
		*ret = text;
	return r;
}

int promo_new_password_hash(struct promo_ctx *ctx, const char *password, const char **ret)
{
	int r;

	r = promo_hash_slots_enter(ctx->config->hash_slots);
	if (r)
		return r;
	r = hash(ctx, password, ret);
	promo_hash_slots_leave(ctx->config->hash_slots);
	return r;
}

int promo_known_password_verify(
	struct promo_ctx *ctx, const char *hashed, const char *password, const char **ret_rehash)
{
	const char *rehash = NULL;
	int r;

	r = promo_hash_slots_enter(ctx->config->hash_slots);
	if (r)
		return r;
	r = promo_password_verify(hashed, password);
	if (!r && promo_password_needs_rehash(hashed))
		r = hash(ctx, password, &rehash);
	promo_hash_slots_leave(ctx->config->hash_slots);
	if (!r)
		*ret_rehash = rehash;
	return r;
}

int promo_known_password_still(struct promo_ctx *ctx, const char *checked, const char *now,
	const char *password, bool *ret_right)
{
	const char *rehash;
	int r;

	if (strcmp(checked, now) == 0) {
		*ret_right = true;
		return 0;
	}
	r = promo_known_password_verify(ctx, now, password, &rehash);
	if (r && r != PROMO_E_INVALID_CREDENTIALS)
		return r;
	*ret_right = r == 0;
	return 0;
}
