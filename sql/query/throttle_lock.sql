-- The same for one user, whose row stays locked; no row where he never guessed.
-- $1 user text
-- -> throttle
SELECT subject, count, since, step, blocked_until, good, hour_count, hour_since, hour_alerted,
	clock_timestamp() AS at
FROM throttles
WHERE kind = 'guess' AND subject = $1::text
FOR UPDATE;
