-- Imports: what each was told and where it stands, written with every chunk, so that anybody can go on.
-- The row outlives its job: it is how a file that comes again is noticed (docs/decisions/0019).
CREATE TABLE imports (
	job_id uuid CONSTRAINT imports_pkey PRIMARY KEY,
	batch_id uuid NOT NULL,
	sha256 text NOT NULL,
	bytes bigint NOT NULL,
	skip boolean NOT NULL,
	dry_run boolean NOT NULL,
	any_format boolean NOT NULL,
	zone text NOT NULL,
	first_serial integer NOT NULL,
	-- Where the next chunk begins in the file.
	position bigint NOT NULL DEFAULT 0,
	line bigint NOT NULL DEFAULT 1,
	rows_read bigint NOT NULL DEFAULT 0,
	accepted bigint NOT NULL DEFAULT 0,
	rejected bigint NOT NULL DEFAULT 0,
	duplicates bigint NOT NULL DEFAULT 0,
	redeemed bigint NOT NULL DEFAULT 0, -- of those accepted
	blocked bigint NOT NULL DEFAULT 0,  -- of those accepted
	unlike_ours boolean NOT NULL DEFAULT false,
	reject_parts integer NOT NULL DEFAULT 0,
	completed_at timestamptz, -- its codes exist
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX imports_sha256_idx ON imports (sha256);

-- What a dry run has seen: it writes no codes, and has to know them all the same. Gone when it ends.
CREATE TABLE import_codes (
	job_id uuid NOT NULL,
	code text NOT NULL,
	printed text NOT NULL,
	CONSTRAINT import_codes_pkey PRIMARY KEY (job_id, code)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON imports, import_codes TO promo_app;

-- Codes that came in as used were redeemed elsewhere: no redemption of ours, and counted apart.
ALTER TABLE totals ADD COLUMN imported bigint NOT NULL DEFAULT 0;

-- It has codes that look like ours and have no date in them.
ALTER TABLE batches ADD COLUMN other_codes boolean NOT NULL DEFAULT false;

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
	SELECT coalesce(sum(redeemed + imported), 0)::bigint AS redeemed,
		coalesce(sum(redeemed_amount), 0)::numeric(18,2) AS redeemed_amount,
		coalesce(sum(reported), 0)::bigint AS reported,
		coalesce(sum(blocked), 0)::bigint AS blocked,
		coalesce(sum(deleted), 0)::bigint AS deleted
	FROM totals WHERE batch_id = b.id) t
LEFT JOIN users a ON a.id = b.assigned_user_id
LEFT JOIN users c ON c.id = b.created_by
LEFT JOIN jobs j ON j.batch_id = b.id AND j.kind IN ('generate', 'import')
	AND j.status IN ('queued', 'running');
