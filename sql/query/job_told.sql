-- What is told of a job that has ended.
-- $1 id uuid
-- -> job_told
SELECT j.kind, j.status, j.created_by, j.batch_id, b.batch_name, b.assigned_user_id, b.ready_codes,
	j.error_detail, j.done, j.total, coalesce(i.dry_run, false) AS dry_run, i.accepted
FROM jobs j LEFT JOIN batches b ON b.id = j.batch_id LEFT JOIN imports i ON i.job_id = j.id
WHERE j.id = $1::uuid;
