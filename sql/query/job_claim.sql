-- Takes the next job that nobody works on: a queued one, one that was given back, or one whose worker
-- let its lease end. Higher priorities come first; then whoever has fewer jobs running, then who was
-- not served for longest, so that many jobs of one user do not keep those of another one waiting;
-- among his own, what has begun. In maintenance mode most kinds rest.
-- $1 owner text
-- $2 lease_s bigint
-- $3 kinds text[]
-- $4 unresting text[] kinds that go on in maintenance mode
-- -> job_work
UPDATE jobs SET status = 'running', lease_owner = $1::text,
	lease_until = now() + make_interval(secs => $2::bigint), fence = fence + 1,
	attempts = attempts + 1, started_at = coalesce(started_at, now()),
	claimed_at = clock_timestamp()
WHERE id = (
	SELECT j.id
	FROM jobs j
	CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE o.lease_until > now()
				AND o.status = 'running') AS running,
			max(o.claimed_at) AS served_at
		FROM jobs o
		WHERE coalesce(o.created_by, '00000000-0000-0000-0000-000000000000')
				= coalesce(j.created_by, '00000000-0000-0000-0000-000000000000')
			AND o.claimed_at > now() - interval '1 hour') u
	WHERE j.status IN ('queued', 'running') AND j.kind = ANY ($3::text[])
		AND (j.kind = ANY ($4::text[])
			OR NOT (SELECT maintenance FROM auth_state WHERE id = 1))
		AND j.run_after <= now() AND (j.lease_until IS NULL OR j.lease_until <= now())
	ORDER BY j.priority DESC, u.running, u.served_at NULLS FIRST, j.started_at NULLS LAST,
		j.run_after, j.id
	LIMIT 1
	FOR NO KEY UPDATE OF j SKIP LOCKED)
RETURNING id, kind, batch_id, fence, attempts;
