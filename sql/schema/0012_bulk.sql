-- Searching and changing codes by the thousand: docs/decisions/0022-search-and-change.md.

-- A code that is deleted leaves a hole in the serials, since serials are places on printed sheets.
-- total_codes and ready_codes of the table go on counting serials; what people see is less by these.
ALTER TABLE totals ADD COLUMN deleted bigint NOT NULL DEFAULT 0;

-- A batch that was deleted is gone for everyone at once; a job takes its codes away behind it. What
-- attempts refer to that were refused stays, as they do.
ALTER TABLE batches ADD COLUMN deleted_at timestamptz;

-- Empty in a shop whose codes all end with their batches: it tells whether the totals know everything.
CREATE INDEX promo_codes_own_end_idx ON promo_codes (batch_id) WHERE expires_at IS NOT NULL;

CREATE OR REPLACE VIEW batches_effective AS
SELECT b.id, b.batch_name, b.description, b.total_codes, b.ready_codes, b.amount_per_code, b.currency,
	b.expires_on, b.expiration_date, b.code_format, b.assigned_user_id, b.status, b.created_by,
	b.created_at, b.updated_at, b.version,
	CASE
		WHEN b.status = 'active' AND b.expiration_date <= now() THEN 'expired'
		ELSE b.status
	END AS effective_status
FROM batches b
WHERE b.deleted_at IS NULL;

CREATE OR REPLACE VIEW batch_rows AS
SELECT b.id, b.batch_name, b.description, (b.total_codes - t.deleted)::integer AS total_codes,
	(b.ready_codes - t.deleted)::integer AS ready_codes, b.amount_per_code,
	b.currency, b.expires_on AS expiration_date, b.expiration_date AS expires_at, b.code_format,
	a.id AS "assigned_user.id", a.first_name || ' ' || a.last_name AS "assigned_user.name",
	b.effective_status AS status,
	-- A code that was neither redeemed nor blocked by itself goes with its batch.
	CASE WHEN b.effective_status IN ('generating', 'active')
		THEN b.ready_codes - t.deleted - t.redeemed - t.blocked ELSE 0 END AS "counts.active",
	t.redeemed - t.reported AS "counts.redeemed",
	t.reported AS "counts.reported",
	CASE WHEN b.effective_status = 'expired'
		THEN b.ready_codes - t.deleted - t.redeemed - t.blocked ELSE 0 END AS "counts.expired",
	CASE WHEN b.effective_status IN ('blocked', 'archived')
		THEN b.ready_codes - t.deleted - t.redeemed ELSE t.blocked END AS "counts.blocked",
	t.redeemed_amount,
	j.id AS job_id,
	c.id AS "created_by.id", c.first_name || ' ' || c.last_name AS "created_by.name",
	b.created_at, b.updated_at, b.version
FROM batches_effective b
CROSS JOIN LATERAL (
	SELECT coalesce(sum(redeemed), 0)::bigint AS redeemed,
		coalesce(sum(redeemed_amount), 0)::numeric(18,2) AS redeemed_amount,
		coalesce(sum(reported), 0)::bigint AS reported,
		coalesce(sum(blocked), 0)::bigint AS blocked,
		coalesce(sum(deleted), 0)::bigint AS deleted
	FROM totals WHERE batch_id = b.id) t
LEFT JOIN users a ON a.id = b.assigned_user_id
LEFT JOIN users c ON c.id = b.created_by
LEFT JOIN jobs j ON j.batch_id = b.id AND j.kind IN ('generate', 'import')
	AND j.status IN ('queued', 'running');

-- What the audit trail says of a thing is found through audit_search, which is kept up behind the
-- trail. So far it holds what names a thing; nobody looks by actor there, and by time only for changes
-- of many codes, which name none of them.
DROP INDEX audit_search_at_idx;
DROP INDEX audit_search_actor_idx;
CREATE INDEX audit_search_bulk_idx ON audit_search (at) WHERE action = 'code.bulk';
-- Up to where each writer's rows stand in audit_search. Not a column of audit_writers: that row is
-- locked by every transaction that writes.
CREATE TABLE audit_search_positions (
	writer_id bigint CONSTRAINT audit_search_positions_pkey PRIMARY KEY,
	seq bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_search_positions TO promo_app;
