-- Where users stand who guessed codes: a row for each of them who ever did, in no order.
-- $1 users text[]
-- -> throttle
SELECT t.subject, t.count, t.since, t.step, t.blocked_until, t.good, t.hour_count, t.hour_since,
	t.hour_alerted, clock_timestamp() AS at
FROM unnest($1::text[]) AS u (subject)
CROSS JOIN LATERAL (
	SELECT * FROM throttles WHERE kind = 'guess' AND subject = u.subject LIMIT 1) t;
