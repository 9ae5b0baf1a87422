-- Gives a job back unfinished: the next worker goes on at once.
-- $1 id uuid
-- $2 fence bigint
UPDATE jobs SET lease_owner = NULL, lease_until = NULL, attempts = 0
WHERE id = $1::uuid AND fence = $2::bigint AND status = 'running';
