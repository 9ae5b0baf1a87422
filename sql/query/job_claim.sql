-- Takes the next job that nobody works on: a queued one, or one whose worker let its lease end.
-- $1 owner text
-- $2 lease_s bigint
-- $3 kinds text[]
-- -> job_work
UPDATE jobs SET status = 'running', lease_owner = $1::text,
	lease_until = now() + make_interval(secs => $2::bigint), fence = fence + 1,
	attempts = attempts + 1, started_at = coalesce(started_at, now())
WHERE id = (
	SELECT id FROM jobs
	WHERE status IN ('queued', 'running') AND kind = ANY ($3::text[]) AND run_after <= now()
		AND (lease_until IS NULL OR lease_until <= now())
	ORDER BY priority DESC, run_after, id
	LIMIT 1
	FOR UPDATE SKIP LOCKED)
RETURNING id, kind, batch_id, fence, attempts;
