-- Begins a backup with the job that makes it; none: somebody was faster with the one that is due.
-- $1 id uuid
-- $2 kind text
-- $3 due_at timestamptz
-- $4 job_id uuid
-- $5 created_by uuid
WITH made AS (
	INSERT INTO backups (id, kind, status, job_id, due_at)
	VALUES ($1::uuid, $2::text, 'running', $4::uuid, $3::timestamptz)
	ON CONFLICT (due_at) DO NOTHING
	RETURNING id
)
INSERT INTO jobs (id, kind, total, created_by, params)
SELECT $4::uuid, 'backup', 1, $5::uuid, jsonb_build_object('backup_id', made.id) FROM made
