-- Ends a job; what came of it was noted before.
-- $1 id uuid
-- $2 fence bigint
-- $3 status text
UPDATE jobs SET status = $3::text, finished_at = now(), lease_owner = NULL, lease_until = NULL
WHERE id = $1::uuid AND fence = $2::bigint AND status = 'running';
