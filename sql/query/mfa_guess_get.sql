-- The wrong codes of a user since his last right one; no row where there are none.
-- $1 user text
-- -> mfa_guess
SELECT count AS wrong,
	greatest(0, ceil(extract(epoch FROM blocked_until - clock_timestamp())))::bigint AS wait_s
FROM throttles
WHERE kind = 'mfa' AND subject = $1::text
