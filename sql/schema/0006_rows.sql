-- The nouns as the API shows them, one view each: a column per field of the noun's schema, with a
-- dot where the field is that of an object inside it. Lists and single reads are written over
-- these, so that a noun looks the same wherever it is shown.

CREATE VIEW batch_rows AS
SELECT b.id, b.batch_name, b.description, b.total_codes, b.ready_codes, b.amount_per_code,
	b.currency, b.expires_on AS expiration_date, b.expiration_date AS expires_at, b.code_format,
	a.id AS "assigned_user.id", a.first_name || ' ' || a.last_name AS "assigned_user.name",
	b.effective_status AS status,
	-- A code that was neither redeemed nor blocked by itself goes with its batch.
	CASE WHEN b.effective_status IN ('generating', 'active')
		THEN b.ready_codes - t.redeemed - t.blocked ELSE 0 END AS "counts.active",
	t.redeemed - t.reported AS "counts.redeemed",
	t.reported AS "counts.reported",
	CASE WHEN b.effective_status = 'expired'
		THEN b.ready_codes - t.redeemed - t.blocked ELSE 0 END AS "counts.expired",
	CASE WHEN b.effective_status IN ('blocked', 'archived')
		THEN b.ready_codes - t.redeemed ELSE t.blocked END AS "counts.blocked",
	t.redeemed_amount,
	j.id AS job_id,
	c.id AS "created_by.id", c.first_name || ' ' || c.last_name AS "created_by.name",
	b.created_at, b.updated_at, b.version
FROM batches_effective b
CROSS JOIN LATERAL (
	SELECT coalesce(sum(redeemed), 0)::bigint AS redeemed,
		coalesce(sum(redeemed_amount), 0)::numeric(18,2) AS redeemed_amount,
		coalesce(sum(reported), 0)::bigint AS reported,
		coalesce(sum(blocked), 0)::bigint AS blocked
	FROM totals WHERE batch_id = b.id) t
LEFT JOIN users a ON a.id = b.assigned_user_id
LEFT JOIN users c ON c.id = b.created_by
LEFT JOIN jobs j ON j.batch_id = b.id AND j.kind IN ('generate', 'import')
	AND j.status IN ('queued', 'running');

CREATE VIEW job_rows AS
SELECT j.id, j.kind, j.status, j.done, j.total, r.rate,
	CASE WHEN r.rate > 0 THEN (j.total - j.done + r.rate - 1) / r.rate END AS eta_seconds,
	j.batch_id,
	c.id AS "created_by.id", c.first_name || ' ' || c.last_name AS "created_by.name",
	j.created_at, j.started_at, j.finished_at,
	j.error_code AS "error.code", j.error_detail AS "error.detail", j.result
FROM jobs j
CROSS JOIN LATERAL (
	SELECT CASE WHEN j.status = 'running' AND now() > j.started_at
		THEN (j.done / extract(epoch FROM now() - j.started_at))::bigint END AS rate) r
LEFT JOIN users c ON c.id = j.created_by;

CREATE VIEW code_rows AS
SELECT p.id, p.code, p.serial, p.batch_id AS "batch.id", p.batch_name AS "batch.batch_name",
	p.amount, p.currency, p.effective_status AS status, p.status AS own_status, p.created_at,
	p.effective_expires_at AS expires_at, p.redeemed_at, p.reported_at, p.blocked_at, p.metadata
FROM promo_codes_effective p;

CREATE VIEW redemption_rows AS
SELECT r.id, r.promo_code_id AS code_id, p.code,
	b.id AS "batch.id", b.batch_name AS "batch.batch_name",
	u.id AS "user.id", u.first_name || ' ' || u.last_name AS "user.name",
	c.id AS "customer.id", c.first_name AS "customer.first_name",
	c.last_name AS "customer.last_name", c.phone_number AS "customer.phone_number",
	r.amount, b.currency, r.status, r.error_code, r.error_message, r.note, r.created_at,
	r.completed_at, r.request_hash
FROM redemptions r
JOIN promo_codes p ON p.id = r.promo_code_id
JOIN batches b ON b.id = p.batch_id
JOIN users u ON u.id = r.user_id
LEFT JOIN customers c ON c.id = r.customer_id;

CREATE VIEW fraud_report_rows AS
SELECT f.id, 'FRAUD' || lpad(f.number::text, greatest(6, length(f.number::text)), '0') AS number,
	f.promo_code_id AS code_id, r.code,
	r.id AS "redemption.id", r.code_id AS "redemption.code_id", r.code AS "redemption.code",
	r."batch.id" AS "redemption.batch.id", r."batch.batch_name" AS "redemption.batch.batch_name",
	r."user.id" AS "redemption.user.id", r."user.name" AS "redemption.user.name",
	r."customer.id" AS "redemption.customer.id",
	r."customer.first_name" AS "redemption.customer.first_name",
	r."customer.last_name" AS "redemption.customer.last_name",
	r."customer.phone_number" AS "redemption.customer.phone_number",
	r.amount AS "redemption.amount", r.currency AS "redemption.currency",
	r.status AS "redemption.status", r.error_code AS "redemption.error_code",
	r.error_message AS "redemption.error_message", r.note AS "redemption.note",
	r.created_at AS "redemption.created_at", r.completed_at AS "redemption.completed_at",
	r.request_hash AS "redemption.request_hash",
	f.claimant_first_name AS "claimant.first_name", f.claimant_last_name AS "claimant.last_name",
	f.claimant_phone_number AS "claimant.phone_number",
	f.type, f.description, f.status, f.priority,
	a.id AS "assignee.id", a.first_name || ' ' || a.last_name AS "assignee.name",
	f.resolution,
	u.id AS "reported_by.id", u.first_name || ' ' || u.last_name AS "reported_by.name",
	f.created_at, f.updated_at
FROM fraud_reports f
JOIN redemption_rows r ON r.id = f.redemption_id
JOIN users u ON u.id = f.reported_by
LEFT JOIN users a ON a.id = f.assignee_id;

CREATE VIEW customer_rows AS
SELECT c.id, c.first_name, c.last_name, c.phone_number, c.email,
	t.redemptions_count, t.currencies AS "redeemed_amount.currency",
	t.amounts AS "redeemed_amount.amount", t.last_redemption_at, c.created_at, c.updated_at
FROM customers c
CROSS JOIN LATERAL (
	SELECT coalesce(sum(s.count), 0)::bigint AS redemptions_count,
		coalesce(array_agg(s.currency ORDER BY s.currency), '{}') AS currencies,
		coalesce(array_agg(s.amount ORDER BY s.currency), '{}') AS amounts,
		max(s.last_at) AS last_redemption_at
	FROM (
		SELECT b.currency, count(*) AS count, sum(r.amount)::numeric(18,2) AS amount,
			max(r.completed_at) AS last_at
		FROM redemptions r
		JOIN promo_codes p ON p.id = r.promo_code_id
		JOIN batches b ON b.id = p.batch_id
		WHERE r.customer_id = c.id AND r.status = 'completed'
		GROUP BY b.currency) s) t;

CREATE VIEW audit_rows AS
SELECT l.id, l.at, l.actor_id AS "actor.id", u.first_name || ' ' || u.last_name AS "actor.name",
	l.actor_kind AS "actor.kind", l.session_id, host(l.ip) AS ip, l.user_agent, l.action,
	l.permission, l.entity_kind AS "entity.kind", l.entity_id AS "entity.id", l.outcome, l.error,
	l.changes, l.count, l.request_id
FROM audit_log l
LEFT JOIN users u ON u.id = l.actor_id;

GRANT SELECT ON batch_rows, job_rows, code_rows, redemption_rows, fraud_report_rows, customer_rows,
	audit_rows TO promo_app;
