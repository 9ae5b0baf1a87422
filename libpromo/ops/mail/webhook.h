/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/mail/carrier.h"

/*
 * Deliveries to webhooks, by the Standard Webhooks specification: a POST of JSON with the headers
 * webhook-id (the delivery's id, the same whenever it is sent), webhook-timestamp and
 * webhook-signature, which has one for each secret that the webhook has or had within a day. 2xx is done,
 * 410 disables the webhook, all else is tried again, also redirects, which nobody follows. Not installed.
 */

extern const struct promo_carrier promo_carrier_webhook;
