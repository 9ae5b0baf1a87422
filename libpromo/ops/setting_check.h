/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/ops/setting_values.h"

/*
 * What a schema cannot say of settings: the rules of their texts, what has to exist (roles, time
 * zones), and what one setting needs of another (PRD: a message while maintenance mode is on). Every
 * bad setting is named, at `base` ("" or "/settings/branding") and its key.
 */

PROMO_BEGIN_DECLS

/* Of what a struct of a category says. */
int promo_setting_check(struct promo_ctx *ctx, enum promo_setting_category category,
	const void *values, const char *base) PROMO_CHECK;

/* Of the settings as they would be. */
int promo_setting_check_together(struct promo_ctx *ctx, enum promo_setting_category category,
	const struct promo_settings *after, const char *base) PROMO_CHECK;

PROMO_END_DECLS
