-- Locks batches, and says what decides about changing or deleting them. A job that makes codes for one
-- goes on without the lock, so this waits for nothing long.
-- $1 ids uuid[]
-- -> batch_lock
SELECT b.id, b.batch_name, b.status, b.expiration_date AS expires_at, b.version,
	coalesce((SELECT sum(t.redeemed + t.imported) FROM totals t WHERE t.batch_id = b.id), 0)::bigint AS redeemed,
	(SELECT j.id FROM jobs j WHERE j.batch_id = b.id AND j.kind IN ('generate', 'import')
		AND j.status IN ('queued', 'running') LIMIT 1) AS job_id
FROM batches b
WHERE b.id = ANY ($1::uuid[]) AND b.deleted_at IS NULL
ORDER BY b.id
FOR NO KEY UPDATE;
