/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/setting.h"

/*
 * What the text of a setting has to be, by the rule of its row (PRD "Detailed System Configuration
 * Categories": valid addresses, URLs, hex colours), as far as that can be told without asking
 * anybody: whether a time zone or a role exists is the database's to say.
 */

PROMO_BEGIN_DECLS

/* NULL where the text follows the rule, as an empty one always does; else the rest of a sentence
 * that begins with the name of the setting (static). */
const char *promo_setting_broken(enum promo_setting_rule rule, const char *text);

/* Whether an smtp:// or smtps:// address is one of this very machine: localhost, 127.0.0.0/8, ::1.
 * Only there mail may go without TLS. */
bool promo_setting_is_loopback(const char *smtp_url);

PROMO_END_DECLS
