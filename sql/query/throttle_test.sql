-- Counts a message that a user has sent to try a channel out; no row where he has sent enough within a
-- minute of the first.
-- $1 user text
-- $2 most bigint
INSERT INTO throttles AS t (kind, subject, count, since)
VALUES ('message_test', $1::text, 1, now())
ON CONFLICT (kind, subject) DO UPDATE SET
	count = CASE WHEN t.since > now() - interval '1 minute' THEN t.count ELSE 0 END + 1,
	since = CASE WHEN t.since > now() - interval '1 minute' THEN t.since ELSE now() END
	WHERE t.since <= now() - interval '1 minute' OR t.count < $2::bigint;
