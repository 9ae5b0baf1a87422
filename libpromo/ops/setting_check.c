/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/setting_check.h"

#include <errno.h>
#include <string.h>

#include "libpromo/rules/setting.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

static const char *pointer_to(
	struct promo_ctx *ctx, const char *base, const struct promo_setting_info *row)
{
	char *pointer = promo_arena_printf(ctx->arena, "%s/%s", base, row->key);
	char *dot = pointer ? strrchr(pointer, '.') : NULL;

	if (dot && row->group)
		*dot = '/';
	return pointer;
}

/*
 * One by one.
 */

static int check_zone(struct promo_ctx *ctx, const char *pointer, const char *name)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row found;
	int r;

	promo_param_text(&params, name);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SETTINGS_ZONE, &params, &found);
	if (!r && found.count == 0)
		r = promo_ctx_refuse_field(ctx, pointer, "invalid_value",
			"is no time zone that the database knows; write it like Africa/Kigali");
	return r;
}

static int check_role(struct promo_ctx *ctx, const char *pointer, const char *name)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_role_key role;
	bool found;
	int r;

	promo_param_text(&params, name);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_ROLE_FIND, &params, &role, &found);
	if (!r && (!found || strcmp(role.name, name) != 0))
		r = promo_ctx_refuse_field(
			ctx, pointer, "invalid_value", "there is no role by this name");
	return r;
}

static int check_text(
	struct promo_ctx *ctx, enum promo_setting setting, const char *pointer, const char *text)
{
	const enum promo_setting_rule rule = promo_setting_info(setting)->rule;
	const char *broken = promo_setting_broken(rule, text);

	if (!pointer)
		return promo_fault(-ENOMEM, "could not check settings");
	if (broken)
		return promo_ctx_refuse_field(ctx, pointer, "invalid_value", "%s", broken);
	if (rule == PROMO_RULE_TIME_ZONE)
		return check_zone(ctx, pointer, text);
	if (setting == PROMO_SETTING_MFA_REQUIRED_ROLES)
		return check_role(ctx, pointer, text);
	return 0;
}

static int check_one(struct promo_ctx *ctx, enum promo_setting setting,
	const struct promo_setting_place *place, const char *pointer)
{
	const void *at = (const char *)place->object + place->field->offset;
	const struct promo_texts *texts = at;
	int r = 0;

	if (promo_setting_info(setting)->kind == PROMO_SETTING_TEXT)
		return check_text(ctx, setting, pointer, *(const char *const *)at);
	if (promo_setting_info(setting)->kind != PROMO_SETTING_LIST &&
		promo_setting_info(setting)->kind != PROMO_SETTING_WORDS)
		return 0;
	for (size_t i = 0; r >= 0 && i < texts->count; i++) {
		const char *item = promo_arena_printf(ctx->arena, "%s/%zu", pointer, i);

		/* Named as bad already. */
		if (!texts->items[i])
			continue;
		r = check_text(ctx, setting, item, texts->items[i]);
	}
	return r;
}

/* What is shown among them and cannot be set. */
static int check_backup(
	struct promo_ctx *ctx, const struct promo_settings_of_backup *values, const char *base)
{
	const char *pointer;

	if (!values || !values->manual_backups || !values->manual_backups->set.present)
		return 0;
	pointer = promo_arena_printf(ctx->arena, "%s/manual_backups/last_backup_date", base);
	if (!pointer)
		return promo_fault(-ENOMEM, "could not check settings");
	return promo_ctx_refuse_field(ctx, pointer, "invalid_value",
		"cannot be set: it says when the last backup was made");
}

int promo_setting_check(struct promo_ctx *ctx, enum promo_setting_category category,
	const void *values, const char *base)
{
	struct promo_setting_place place;
	int r = category == PROMO_SETTINGS_backup ? check_backup(ctx, values, base) : 0;

	for (enum promo_setting i = 0; r >= 0 && i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *row = promo_setting_info(i);
		const char *pointer;

		if (row->category != category || promo_setting_said(i, values) != PROMO_SETTING_SET)
			continue;
		(void)promo_setting_place(i, values, &place);
		pointer = pointer_to(ctx, base, row);
		if (!pointer)
			return promo_fault(-ENOMEM, "could not check settings");
		r = check_one(ctx, i, &place, pointer);
	}
	if (r < 0)
		return r;
	return ctx->problem.field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

/*
 * Together.
 */

static int refuse(struct promo_ctx *ctx, const char *base, enum promo_setting setting,
	const char *code, const char *message)
{
	const char *pointer = pointer_to(ctx, base, promo_setting_info(setting));

	if (!pointer)
		return promo_fault(-ENOMEM, "could not check settings");
	return promo_ctx_refuse_field(ctx, pointer, code, "%s", message);
}

static bool is_empty(const struct promo_settings *settings, enum promo_setting setting)
{
	return *promo_settings_text(settings, setting) == '\0';
}

static int check_maintenance(
	struct promo_ctx *ctx, const struct promo_settings *after, const char *base)
{
	if (promo_settings_bool(after, PROMO_SETTING_MAINTENANCE_ENABLED) &&
		is_empty(after, PROMO_SETTING_MAINTENANCE_MESSAGE))
		return refuse(ctx, base, PROMO_SETTING_MAINTENANCE_MESSAGE, "required",
			"is required while maintenance mode is on: people have to be told");
	return 0;
}

static bool sms_has(const struct promo_settings *settings, const char *what)
{
	return strstr(promo_settings_text(settings, PROMO_SETTING_SMS_TEMPLATE), what) ||
	       strstr(promo_settings_text(settings, PROMO_SETTING_SMS_URL), what);
}

static int check_sms(struct promo_ctx *ctx, const struct promo_settings *after, const char *base)
{
	int r = 0;

	if (!promo_settings_bool(after, PROMO_SETTING_SMS_ENABLED))
		return 0;
	if (is_empty(after, PROMO_SETTING_SMS_URL))
		r = refuse(ctx, base, PROMO_SETTING_SMS_URL, "required",
			"is required while text messages are sent");
	if (r >= 0 && !(sms_has(after, "{phone}") && sms_has(after, "{text}")))
		r = refuse(ctx, base, PROMO_SETTING_SMS_TEMPLATE, "invalid_value",
			"has to have {phone} and {text} in it, unless the URL has");
	return r;
}

static int check_notifications(
	struct promo_ctx *ctx, const struct promo_settings *after, const char *base)
{
	const bool without_tls =
		strcmp(promo_settings_text(after, PROMO_SETTING_SMTP_SECURITY), "none") == 0;
	int r = 0;

	if (promo_settings_bool(after, PROMO_SETTING_MAIL_ENABLED) &&
		is_empty(after, PROMO_SETTING_SMTP_URL))
		r = refuse(ctx, base, PROMO_SETTING_SMTP_URL, "required",
			"is required while mail is sent");
	if (r >= 0 && without_tls && !is_empty(after, PROMO_SETTING_SMTP_URL) &&
		!promo_setting_is_loopback(promo_settings_text(after, PROMO_SETTING_SMTP_URL)))
		r = refuse(ctx, base, PROMO_SETTING_SMTP_SECURITY, "invalid_value",
			"can be none only where the mail server is on this machine");
	return r < 0 ? r : check_sms(ctx, after, base);
}

static int check_alerts(struct promo_ctx *ctx, const struct promo_settings *after, const char *base)
{
	if (promo_settings_bool(after, PROMO_SETTING_ALERT_OFF_HOURS) &&
		strcmp(promo_settings_text(after, PROMO_SETTING_ALERT_OPENS),
			promo_settings_text(after, PROMO_SETTING_ALERT_CLOSES)) == 0)
		return refuse(ctx, base, PROMO_SETTING_ALERT_CLOSES, "invalid_value",
			"has to be another time than the shop opens at");
	return 0;
}

int promo_setting_check_together(struct promo_ctx *ctx, enum promo_setting_category category,
	const struct promo_settings *after, const char *base)
{
	int r = 0;

	if (category == PROMO_SETTINGS_maintenance)
		r = check_maintenance(ctx, after, base);
	else if (category == PROMO_SETTINGS_notifications)
		r = check_notifications(ctx, after, base);
	else if (category == PROMO_SETTINGS_alerts)
		r = check_alerts(ctx, after, base);
	return r;
}
