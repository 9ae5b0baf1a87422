-- Locks the row of a user who missed, and makes it where it is his first miss.
-- $1 user text
-- -> throttle
INSERT INTO throttles (kind, subject, since)
VALUES ('guess', $1::text, NULL)
ON CONFLICT (kind, subject) DO UPDATE SET kind = excluded.kind
RETURNING subject, count, since, step, blocked_until, good, hour_count, hour_since, hour_alerted,
	clock_timestamp() AS at;
