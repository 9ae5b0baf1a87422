-- Queues a job that restores a backup on trial.
-- $1 backup_id uuid
-- $2 job_id uuid
-- $3 created_by uuid
INSERT INTO jobs (id, kind, total, created_by, params)
SELECT $2::uuid, 'restore_check', coalesce(b.size_bytes, 1), $3::uuid,
	jsonb_build_object('backup_id', b.id)
FROM backups b WHERE b.id = $1::uuid
