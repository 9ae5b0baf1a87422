/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/mail/carrier.h"

/* Letters by SMTP (RFC 5321), to the server of the settings notifications.smtp. Not installed. */

extern const struct promo_carrier promo_carrier_mail;
