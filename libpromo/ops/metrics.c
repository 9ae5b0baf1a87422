/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/ops/alert_work.h"
#include "libpromo/ops/meter.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/server.h"
#include "libpromo/store/store.h"

/*
 * The text format of Prometheus, version 0.0.4: a row of `metrics` is a family. What is counted by the
 * database has a statement, each of whose rows is a line: its labels in the order of the row's, then the
 * value. Nothing here tells of a code, a phone or a person.
 */

enum {
	LABELS_MAX = 3,
	TEXT_LIMIT = 1024 * 1024,
};

struct writing {
	struct promo_ctx *ctx;
	struct promo_buffer text;
	const struct metric *metric; /* which is being written */
};

struct metric {
	const char *name, *help;
	const char *labels[LABELS_MAX + 1];
	/* One of both. */
	enum promo_query query;
	void (*write)(struct writing *writing);
};

static void write_label(struct promo_buffer *text, const char *name, const char *value)
{
	promo_buffer_text(text, name);
	promo_buffer_text(text, "=\"");
	for (; *value; value++) {
		if (*value == '\n') {
			promo_buffer_text(text, "\\n");
			continue;
		}
		if (*value == '"' || *value == '\\')
			promo_buffer_char(text, '\\');
		promo_buffer_char(text, *value);
	}
	promo_buffer_char(text, '"');
}

/* A line: the values of the labels, and behind them the value. */
static int write_line(void *context, int columns, const char *const *values)
{
	struct writing *writing = context;
	const struct metric *metric = writing->metric;
	struct promo_buffer *text = &writing->text;
	int labels = 0;

	while (metric->labels[labels])
		labels++;
	if (columns != labels + 1)
		return promo_fault(-EPROTO, "%s has other columns than labels", metric->name);
	promo_buffer_text(text, metric->name);
	for (int i = 0; i < labels; i++) {
		promo_buffer_char(text, i == 0 ? '{' : ',');
		write_label(text, metric->labels[i], values[i] ? values[i] : "");
	}
	promo_buffer_text(text, labels > 0 ? "} " : " ");
	promo_buffer_text(text, values[labels] ? values[labels] : "NaN");
	promo_buffer_char(text, '\n');
	return 0;
}

static void write_build(struct writing *writing)
{
	const char *const values[] = { writing->ctx->config->version, "1" };

	if (write_line(writing, PROMO_COUNT(values), values))
		promo_buffer_fail(&writing->text, promo_fault(-EPROTO, "no build is told"));
}

static void write_up(struct writing *writing)
{
	const char *const value = writing->ctx->store ? "1" : "0";

	if (write_line(writing, 1, &value))
		promo_buffer_fail(&writing->text, promo_fault(-EPROTO, "no state is told"));
}

static void write_behind(struct writing *writing)
{
	struct promo_ctx *ctx = writing->ctx;
	const char *value;
	int64_t seconds;
	int r;

	if (!ctx->store)
		return;
	r = promo_alert_behind(ctx->store, ctx->arena, &seconds);
	if (!r) {
		value = promo_arena_printf(ctx->arena, "%lld", (long long)seconds);
		r = value ? write_line(writing, 1, &value)
			  : promo_fault(-ENOMEM, "could not tell how far alerts are");
	}
	if (r)
		promo_buffer_fail(&writing->text, r);
}

static const struct metric metrics[] = {
	{ "promo_build_info", "The version that runs.", { "version" }, 0, write_build },
	{ "promo_database_up", "Whether the database answers.", { NULL }, 0, write_up },
	{ "promo_jobs", "Background jobs that are kept, by kind and status.", { "kind", "status" },
		PROMO_Q_METRIC_JOBS, NULL },
	{ "promo_jobs_oldest_queued_seconds", "How long the oldest job that may run waits.",
		{ NULL }, PROMO_Q_METRIC_QUEUED, NULL },
	{ "promo_outbox_letters", "Letters to people, by channel and status.",
		{ "channel", "status" }, PROMO_Q_METRIC_OUTBOX, NULL },
	{ "promo_outbox_oldest_waiting_seconds", "How long the oldest letter waits.", { NULL },
		PROMO_Q_METRIC_WAITING, NULL },
	{ "promo_audit_seal_age_seconds", "How long ago the audit trail was sealed.", { NULL },
		PROMO_Q_METRIC_SEALED, NULL },
	{ "promo_audit_unsealed_age_seconds", "How long the oldest entry waits for its seal.",
		{ NULL }, PROMO_Q_SEAL_AGE, NULL },
	{ "promo_audit_unsealed_entries", "Entries of the audit trail without a seal.", { NULL },
		PROMO_Q_METRIC_UNSEALED, NULL },
	{ "promo_alerts", "Alerts that are not resolved, by severity and status.",
		{ "severity", "status" }, PROMO_Q_METRIC_ALERTS, NULL },
	{ "promo_alerts_behind_seconds",
		"How long the oldest entry of the audit trail waits for the rules of alerts.",
		{ NULL }, 0, write_behind },
	{ "promo_fraud_reports", "Fraud reports, by status.", { "status" }, PROMO_Q_METRIC_CASES,
		NULL },
	{ "promo_backup_age_seconds", "How old the last backup is; without one nothing.", { NULL },
		PROMO_Q_BACKUP_AGE, NULL },
	{ "promo_maintenance", "Whether maintenance mode is on.", { NULL },
		PROMO_Q_METRIC_MAINTENANCE, NULL },
};

static int write_metric(struct writing *writing, const struct metric *metric)
{
	struct promo_params none = PROMO_PARAMS(writing->ctx->arena);
	struct promo_buffer *text = &writing->text;

	/* Nobody can say what stands in a database that is away. */
	if (!metric->write && !writing->ctx->store)
		return 0;
	promo_buffer_text(text, "# HELP ");
	promo_buffer_text(text, metric->name);
	promo_buffer_char(text, ' ');
	promo_buffer_text(text, metric->help);
	promo_buffer_text(text, "\n# TYPE ");
	promo_buffer_text(text, metric->name);
	promo_buffer_text(text, " gauge\n");
	writing->metric = metric;
	if (!metric->write)
		return promo_store_each(
			writing->ctx->store, metric->query, &none, write_line, writing);
	metric->write(writing);
	return 0;
}

int promo_server_metrics(struct promo_ctx *ctx)
{
	struct writing writing = { .ctx = ctx, .text = PROMO_BUFFER(ctx->arena, TEXT_LIMIT) };
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(metrics); i++)
		r = write_metric(&writing, &metrics[i]);
	if (!r && ctx->config->meter)
		promo_meter_write(ctx->config->meter, &writing.text);
	return r ? r : promo_buffer_end(&writing.text, &ctx->body);
}
