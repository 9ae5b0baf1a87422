-- The import that brought in the codes of this very file, where its batch is still there; or the one
-- that is at it.
-- $1 sha256 text
-- -> id
SELECT i.job_id AS id FROM imports i JOIN batches b ON b.id = i.batch_id
WHERE b.deleted_at IS NULL AND i.sha256 = $1::text AND NOT i.dry_run AND (i.completed_at IS NOT NULL OR EXISTS (
	SELECT FROM jobs j WHERE j.id = i.job_id AND j.status IN ('queued', 'running')))
ORDER BY i.created_at DESC LIMIT 1;
