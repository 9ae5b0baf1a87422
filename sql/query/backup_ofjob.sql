-- The backup that a job makes or tries.
-- $1 job_id uuid
-- -> backup_file
SELECT b.id, b.kind, b.status, b.path, b.size_bytes, b.sha256
FROM jobs j JOIN backups b ON b.id = (j.params ->> 'backup_id')::uuid
WHERE j.id = $1::uuid
