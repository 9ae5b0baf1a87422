/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/webhook.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "libpromo/base/uuid.h"
#include "libpromo/model/event.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/mail/http.h"
#include "libpromo/ops/webhook_secret.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

static int get_webhook(
	struct promo_ctx *ctx, enum promo_query query, const char *id, struct promo_webhook *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, query, &params, ret);
}

/* Names what is wrong with these two fields, either of which may be missing. */
static int check(struct promo_ctx *ctx, const char *url, const struct promo_texts *events)
{
	int r = 0;

	if (url && !promo_http_url_fits(url))
		r = promo_ctx_refuse_field(ctx, "/url", "invalid_url",
			"has to be an http or https URL without a name, a password or a fragment");
	for (size_t i = 0; i < events->count; i++) {
		const char *pointer;

		if (promo_event_has_topic(events->items[i]))
			continue;
		pointer = promo_arena_printf(ctx->arena, "/events/%zu", i);
		if (!pointer)
			return promo_fault(-ENOMEM, "could not look at the events of a webhook");
		r = promo_ctx_refuse_field(ctx, pointer, "invalid_value",
			"there is no event '%s' that a webhook is told of", events->items[i]);
	}
	return r;
}

int promo_webhook_list(
	struct promo_ctx *ctx, const struct promo_webhook_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_WEBHOOK_LIST, PROMO_Q_WEBHOOK_COUNT), &params, ret);
}

/*
 * One webhook.
 */

static int draw_secret(struct promo_ctx *ctx, const char *id, struct promo_webhook_sealed *ret,
	const char **ret_shown)
{
	const struct promo_random random = promo_random_system();
	unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES];
	char *shown = promo_arena_alloc(ctx->arena, PROMO_WEBHOOK_SECRET_SIZE);
	int r;

	if (!shown)
		return promo_fault(-ENOMEM, "could not make a webhook");
	random.fill(random.context, secret, sizeof(secret));
	r = promo_webhook_secret_seal(ctx->config, id, secret, ctx->arena, ret);
	promo_webhook_secret_show(secret, shown);
	promo_secret_wipe(secret, sizeof(secret));
	if (!r)
		*ret_shown = shown;
	return r;
}

/* Two that are made at once may be one too many, which nobody minds. */
static int check_count(struct promo_ctx *ctx)
{
	const struct promo_params none = PROMO_PARAMS(ctx->arena);
	struct promo_count_row row;
	int r;

	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_WEBHOOK_COUNT, &none, &row);
	if (r)
		return r;
	return row.count < PROMO_WEBHOOKS_MAX
		       ? 0
		       : promo_ctx_refuse(ctx, PROMO_E_TOO_MANY_WEBHOOKS,
				 "there are %d webhooks, and there may not be more; "
				 "delete one first",
				 (int)row.count);
}

int promo_webhook_create_check(struct promo_ctx *ctx, const struct promo_webhook_create_in *in)
{
	return check(ctx, in->url, &in->events);
}

int promo_webhook_create(
	struct promo_ctx *ctx, const struct promo_webhook_create_in *in, struct promo_webhook *ret)
{
	const bool active =
		!promo_present(&promo_webhook_create_in_schema, in, "is_active") || in->is_active;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_webhook_sealed sealed;
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	const char *shown = NULL;
	int r;

	if (!id)
		return promo_fault(-ENOMEM, "could not make a webhook");
	r = check(ctx, in->url, &in->events);
	if (!r)
		r = check_count(ctx);
	if (r)
		return r;
	promo_uuid_new(id);
	r = draw_secret(ctx, id, &sealed, &shown);
	if (r)
		return r;
	promo_audit_entity(ctx, "webhook", id);
	promo_param_text(&params, id);
	promo_param_text(&params, in->url);
	promo_param_text(&params, in->description);
	promo_param_texts(&params, in->events);
	promo_param_bytes(&params, sealed.bytes, sizeof(sealed.bytes));
	promo_param_text(&params, sealed.key_id);
	promo_param_bool(&params, active);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_INSERT, &params, NULL);
	if (!r)
		r = get_webhook(ctx, PROMO_Q_WEBHOOK_GET, id, ret);
	if (!r)
		r = promo_encode(&promo_webhook_made_schema, ret, ctx->arena, &ctx->kept_body);
	if (!r)
		ret->secret = shown;
	return r;
}

int promo_webhook_update_check(struct promo_ctx *ctx, const struct promo_webhook_update_in *in)
{
	return check(ctx, in->url, &in->events);
}

static struct promo_webhook merge(
	const struct promo_webhook *was, const struct promo_webhook_update_in *in)
{
	const struct promo_schema *schema = &promo_webhook_update_in_schema;
	struct promo_webhook becomes = *was;

	if (promo_present(schema, in, "url"))
		becomes.url = in->url;
	if (promo_present(schema, in, "description"))
		becomes.description = in->description;
	if (promo_present(schema, in, "events"))
		becomes.events = in->events;
	if (promo_present(schema, in, "is_active"))
		becomes.is_active = in->is_active;
	return becomes;
}

/* A URL may hold something that opens it, so the trail only has that it is another. */
static int note_changes(struct promo_ctx *ctx, const struct promo_webhook *was,
	const struct promo_webhook *becomes, const struct promo_webhook_update_in *in)
{
	const struct promo_schema *schema = &promo_webhook_update_in_schema;
	int r = 0;

	if (strcmp(was->url, becomes->url) != 0)
		r = promo_audit_change_hidden(ctx, "url");
	if (!r && promo_present(schema, in, "events"))
		r = promo_audit_change(ctx, &promo_webhook_schema, "events", was, becomes);
	if (!r && was->is_active != becomes->is_active)
		r = promo_audit_change(ctx, &promo_webhook_schema, "is_active", was, becomes);
	return r;
}

int promo_webhook_update(
	struct promo_ctx *ctx, const struct promo_webhook_update_in *in, struct promo_webhook *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_webhook was, becomes;
	int r;

	promo_audit_entity(ctx, "webhook", in->id);
	r = check(ctx, in->url, &in->events);
	if (!r)
		r = get_webhook(ctx, PROMO_Q_WEBHOOK_LOCK, in->id, &was);
	if (r)
		return r;
	becomes = merge(&was, in);
	r = note_changes(ctx, &was, &becomes, in);
	if (r)
		return r;
	promo_param_text(&params, in->id);
	promo_param_text(&params, becomes.url);
	promo_param_text(&params, becomes.description);
	promo_param_texts(&params, becomes.events);
	promo_param_bool(&params, becomes.is_active);
	r = promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_UPDATE, &params, NULL);
	/* What waited for it to be switched on goes now. */
	ctx->wake_jobs = becomes.is_active && !was.is_active;
	return r ? r : get_webhook(ctx, PROMO_Q_WEBHOOK_GET, in->id, ret);
}

int promo_webhook_delete(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row row;
	int r;

	promo_audit_entity(ctx, "webhook", in->id);
	promo_param_text(&params, in->id);
	/* Deliveries first, as who notes the end of one locks them; what is written meanwhile goes after. */
	r = promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_EMPTY, &params, NULL);
	if (!r)
		r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_WEBHOOK_BURY, &params, &row);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_EMPTY, &params, NULL);
	return r ? r : promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_DELETE, &params, NULL);
}

int promo_webhook_rotate(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_webhook *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_webhook_sealed sealed;
	char old_id[PROMO_UUID_SIZE];
	struct promo_webhook webhook;
	const char *shown = NULL;
	int r;

	promo_audit_entity(ctx, "webhook", in->id);
	r = get_webhook(ctx, PROMO_Q_WEBHOOK_LOCK, in->id, &webhook);
	if (!r)
		r = promo_audit_change_hidden(ctx, "secret");
	if (!r)
		r = draw_secret(ctx, in->id, &sealed, &shown);
	if (r)
		return r;
	promo_uuid_new(old_id);
	promo_param_text(&params, in->id);
	promo_param_bytes(&params, sealed.bytes, sizeof(sealed.bytes));
	promo_param_text(&params, sealed.key_id);
	promo_param_text(&params, old_id);
	r = promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_ROTATE, &params, NULL);
	if (!r)
		r = get_webhook(ctx, PROMO_Q_WEBHOOK_GET, in->id, ret);
	if (!r)
		ret->secret = shown;
	return r;
}

/*
 * Deliveries.
 */

int promo_webhook_deliveries(
	struct promo_ctx *ctx, const struct promo_webhook_deliveries_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_webhook webhook;
	int r;

	promo_audit_entity(ctx, "webhook", in->id);
	r = get_webhook(ctx, PROMO_Q_WEBHOOK_GET, in->id, &webhook);
	if (r)
		return r;
	promo_param_text(&params, in->id);
	promo_param_texts_or_null(&params, in->status);
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_WEBHOOK_DELIVERY_LIST, PROMO_Q_WEBHOOK_DELIVERY_COUNT),
		&params, ret);
}

int promo_webhook_resend(struct promo_ctx *ctx, const struct promo_webhook_resend_in *in,
	struct promo_webhook_delivery *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_webhook webhook;
	int64_t found;
	int r;

	promo_audit_entity(ctx, "webhook", in->id);
	r = get_webhook(ctx, PROMO_Q_WEBHOOK_GET, in->id, &webhook);
	if (r)
		return r;
	promo_param_text(&params, in->delivery_id);
	promo_param_text(&params, in->id);
	if (!webhook.is_active) {
		r = promo_store_one(
			ctx->store, ctx->arena, PROMO_Q_WEBHOOK_DELIVERY_GET, &params, ret);
		return r ? r : PROMO_E_WEBHOOK_DISABLED;
	}
	r = promo_store_exec(ctx->store, PROMO_Q_WEBHOOK_DELIVERY_RESEND, &params, &found);
	if (r)
		return r;
	if (found == 0)
		return PROMO_E_NOT_FOUND;
	ctx->wake_jobs = true;
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_WEBHOOK_DELIVERY_GET, &params, ret);
}

int promo_webhook_add(
	struct promo_store *store, struct promo_arena *arena, const char *topic, const char *data)
{
	struct promo_params which = PROMO_PARAMS(arena);
	struct promo_params params = PROMO_PARAMS(arena);
	const struct promo_id_row *webhooks;
	const char **webhook_ids, **ids;
	struct promo_objects list;
	int r;

	promo_param_text(&which, topic);
	r = promo_store_all(store, arena, PROMO_Q_WEBHOOK_SUBSCRIBED, &which, &list);
	if (r || list.count == 0)
		return r;
	webhooks = list.items;
	webhook_ids = promo_arena_alloc_array(arena, list.count, sizeof(*webhook_ids));
	ids = promo_arena_alloc_array(arena, list.count, sizeof(*ids));
	for (size_t i = 0; i < list.count; i++) {
		char *id = promo_arena_alloc(arena, PROMO_UUID_SIZE);

		if (!id || !ids || !webhook_ids)
			return promo_fault(-ENOMEM, "could not tell webhooks of an event");
		promo_uuid_new(id);
		ids[i] = id;
		webhook_ids[i] = webhooks[i].id;
	}
	promo_param_texts(&params, (struct promo_texts){ ids, list.count });
	promo_param_texts(&params, (struct promo_texts){ webhook_ids, list.count });
	promo_param_text(&params, topic);
	promo_param_text(&params, data);
	return promo_store_exec(store, PROMO_Q_WEBHOOK_ADD, &params, NULL);
}
