-- Notes how much is done, or left after a piece was taken back, and renews the lease, from now as well.
-- $1 id uuid
-- $2 fence bigint
-- $3 done bigint
-- $4 lease_s bigint
UPDATE jobs SET done = $3::bigint, attempts = 0,
	lease_until = clock_timestamp() + make_interval(secs => $4::bigint)
WHERE id = $1::uuid AND fence = $2::bigint;
