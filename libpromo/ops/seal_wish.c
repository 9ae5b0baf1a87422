/* SPDX-License-Identifier: MIT */
#include "libpromo/base/time.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/sealer.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/seal.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/* Whether this seal is as old as the settings say: by its signature and by the clock here, since who owns the
 * database may write any time into it for as long as it takes to be believed. */
static int is_old(const struct promo_sealing *sealing, struct promo_store *store,
	struct promo_arena *arena, int64_t id, int64_t keep_days, bool *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);
	const struct promo_audit_seal *seal;
	struct promo_objects rows;
	int r;

	promo_param_int(&params, id - 1);
	promo_param_int(&params, 1);
	promo_param_bool(&params, false);
	r = promo_store_all(store, arena, PROMO_Q_SEAL_LIST, &params, &rows);
	if (r)
		return r;
	seal = rows.items;
	*ret = rows.count > 0 && seal->id == id &&
	       seal->at < promo_now_ms() - keep_days * PROMO_MS_PER_DAY &&
	       promo_seal_signed(seal, sealing->keys, sealing->key_count);
	return 0;
}

static int load_keep_days(struct promo_store *store, int64_t *ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	int r;

	r = promo_settings_new(&settings);
	if (!r)
		r = promo_settings_load(settings, store, promo_settings_version(settings) + 1);
	if (!r)
		*ret = promo_settings_int(settings, PROMO_SETTING_AUDIT_KEEP_DAYS);
	return r;
}

int promo_seal_wish(const struct promo_runner_config *config, struct promo_store *store,
	struct promo_arena *arena, int64_t *dropped_to)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	struct promo_count_row wish;
	int64_t keep_days;
	bool old;
	int r;

	r = promo_store_one(store, arena, PROMO_Q_SEAL_WISH, &none, &wish);
	if (r || wish.count <= *dropped_to)
		return r;
	r = load_keep_days(store, &keep_days);
	if (r || keep_days == 0)
		return r;
	r = is_old(config->sealing, store, arena, wish.count, keep_days, &old);
	if (!r && old)
		*dropped_to = wish.count;
	return r;
}
