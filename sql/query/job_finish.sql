-- Ends a job.
-- $1 id uuid
-- $2 fence bigint
-- $3 status text
UPDATE jobs SET status = $3::text, finished_at = now(), lease_owner = NULL, lease_until = NULL,
	result = CASE WHEN $3::text = 'succeeded' THEN jsonb_build_object('generated', total)
		ELSE result END
WHERE id = $1::uuid AND fence = $2::bigint AND status = 'running';
