/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/model/setting.h"

/*
 * The settings of the shop as they stand in system_settings, with the defaults of settings.def for
 * those that nobody set. Each runner holds its own copy and reads it again when the version in
 * auth_state, which comes with the first statement of every request, is another one: so a changed
 * setting holds for the next request of every daemon. A value that does not fit its row is logged
 * and the default holds instead. An object belongs to one thread.
 */

PROMO_BEGIN_DECLS

struct promo_settings;
struct promo_store;

/* The defaults alone; the caller frees. -ENOMEM. */
int promo_settings_new(struct promo_settings **ret) PROMO_CHECK;
void promo_settings_free(struct promo_settings *settings); /* NULL is fine */
void promo_settings_freep(struct promo_settings **settings);

/* Reads them from the database where `version` (auth_state.settings_version) is not the one they
 * were read at. One statement, outside or inside of a transaction. */
int promo_settings_load(
	struct promo_settings *settings, struct promo_store *store, int64_t version) PROMO_CHECK;

/* The same in two steps, for whoever must not wait for a statement: the version that they were read
 * at (0: never), and takes the rows (struct promo_setting_row) that were read at another one. */
int64_t promo_settings_version(const struct promo_settings *settings);
int promo_settings_take(struct promo_settings *settings, const struct promo_objects *found,
	int64_t version) PROMO_CHECK;

/* Values; asking for one of another kind is a programmer's mistake and asserts. Texts and lists are
 * valid until the next load. A word is read as a text, too; a text that nobody set is empty. */
const char *promo_settings_text(const struct promo_settings *settings, enum promo_setting setting);
int64_t promo_settings_int(const struct promo_settings *settings, enum promo_setting setting);
bool promo_settings_bool(const struct promo_settings *settings, enum promo_setting setting);
/* A list, in its order, and whether it holds this text. */
struct promo_texts promo_settings_texts(
	const struct promo_settings *settings, enum promo_setting setting);
bool promo_settings_lists(
	const struct promo_settings *settings, enum promo_setting setting, const char *word);

PROMO_END_DECLS
