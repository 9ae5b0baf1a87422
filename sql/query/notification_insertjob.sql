-- Tells whoever started a job that it has ended.
-- $1 id uuid
-- $2 job_id uuid
INSERT INTO notifications (id, user_id, kind, title, body, link)
SELECT $1::uuid, j.created_by, 'job.finished',
	CASE j.kind WHEN 'generate' THEN 'Generation' WHEN 'import' THEN 'Import'
		WHEN 'export' THEN 'Export' WHEN 'pdf' THEN 'PDF' WHEN 'bulk' THEN 'Change of codes'
		ELSE 'Job' END || coalesce(' of ' || b.batch_name, '')
		|| CASE j.status WHEN 'succeeded' THEN ' is done' WHEN 'cancelled' THEN ' was cancelled'
			ELSE ' failed' END,
	coalesce(j.error_detail, j.done || ' of ' || j.total),
	jsonb_build_object('kind', 'job', 'id', j.id)
FROM jobs j LEFT JOIN batches b ON b.id = j.batch_id
WHERE j.id = $2::uuid AND j.created_by IS NOT NULL;
