-- Puts a job off that could not be gone on with, and says why.
-- $1 id uuid
-- $2 fence bigint
-- $3 pause_ms bigint
-- $4 why text
UPDATE jobs SET lease_owner = NULL, lease_until = NULL, last_error = $4::text,
	run_after = now() + make_interval(secs => $3::bigint / 1000.0)
WHERE id = $1::uuid AND fence = $2::bigint AND status = 'running';
