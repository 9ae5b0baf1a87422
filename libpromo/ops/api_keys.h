/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_api_key.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/ops/ctx.h"

/*
 * A user's API keys (api/op_api_key.h). Only the hash of one is stored. What a key may do is decided at
 * each of its requests (auth.h): what it is for, and no more than its owner may at that moment; so it
 * needs no care when roles change. docs/decisions/0033 says what ends it.
 */

PROMO_BEGIN_DECLS

int promo_api_key_list(struct promo_ctx *ctx, const struct promo_api_key_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_api_key_create_check(
	struct promo_ctx *ctx, const struct promo_api_key_create_in *in) PROMO_CHECK;
int promo_api_key_create(struct promo_ctx *ctx, const struct promo_api_key_create_in *in,
	struct promo_api_key *ret) PROMO_CHECK;
int promo_api_key_delete(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;

/* Those of a user whom the actor manages (promo_user_manage()). */
int promo_user_api_keys(struct promo_ctx *ctx, const struct promo_user_api_keys_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_user_end_api_key(
	struct promo_ctx *ctx, const struct promo_user_api_key_in *in) PROMO_CHECK;

/* Ends all keys of a user, and raises the epoch if there were any: where his account is deleted, or is
 * taken back from somebody who may have made one. */
int promo_api_key_end_all(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;

PROMO_END_DECLS
