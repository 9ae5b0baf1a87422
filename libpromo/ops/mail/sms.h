/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/mail/carrier.h"

/*
 * Text messages, by the HTTP gateway of the settings notifications.sms: {phone}, {text}, {sender} and
 * {secret} stand in its URL, in the template of the body and in one header, each escaped as the place
 * asks for. Not installed.
 */

extern const struct promo_carrier promo_carrier_sms;
