/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/user.h"
#include "libpromo/ops/ctx.h"

/* The mail that a new user gets, in the transaction that makes him: who he is here and where he signs in.
 * There is no password in it, since mail is read by others. For the files of this folder; not installed. */

/* Nothing happens where the user has no address, or where the settings do not have it told
 * (email_notifications, `user_registration`). */
int promo_user_welcome(struct promo_ctx *ctx, const struct promo_user *user) PROMO_CHECK;
