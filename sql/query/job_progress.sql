-- Notes a finished chunk and renews the lease, from now and not from when the chunk was begun.
-- $1 id uuid
-- $2 fence bigint
-- $3 done bigint
-- $4 lease_s bigint
-- $5 chunk integer
-- $6 count integer
WITH chunk AS (
	INSERT INTO job_chunks (job_id, chunk, count) VALUES ($1::uuid, $5::integer, $6::integer))
UPDATE jobs SET done = $3::bigint, attempts = 0,
	lease_until = clock_timestamp() + make_interval(secs => $4::bigint)
WHERE id = $1::uuid AND fence = $2::bigint;
