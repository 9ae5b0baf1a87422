-- Notes what came of a job that made a backup or tried one.
-- $1 id uuid
-- $2 fence bigint
UPDATE jobs SET result = (
	SELECT jsonb_build_object('backup_id', b.id, 'bytes', b.size_bytes, 'sha256', b.sha256)
	FROM backups b WHERE b.id = (params ->> 'backup_id')::uuid)
WHERE id = $1::uuid AND fence = $2::bigint
