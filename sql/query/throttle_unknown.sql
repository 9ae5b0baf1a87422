-- Counts codes of a user's lists that do not exist, within an hour of the first.
-- $1 user text
-- $2 count bigint
-- -> count
INSERT INTO throttles AS t (kind, subject, count, since)
VALUES ('validate', $1::text, $2::bigint, now())
ON CONFLICT (kind, subject) DO UPDATE SET
	count = CASE WHEN t.since > now() - interval '1 hour' THEN t.count ELSE 0 END + excluded.count,
	since = CASE WHEN t.since > now() - interval '1 hour' THEN t.since ELSE now() END
RETURNING count;
