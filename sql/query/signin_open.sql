-- The same, and makes the rows that are missing: a sign-in failed.
-- $1 subjects text[]
-- $2 known_days bigint
-- -> signin
INSERT INTO throttles AS t (kind, subject, since)
SELECT 'signin', s, NULL FROM unnest($1::text[]) AS s ORDER BY s
ON CONFLICT (kind, subject) DO UPDATE SET kind = excluded.kind
RETURNING t.subject, t.count AS failures, t.since AS last, t.blocked_until,
	coalesce(t.succeeded_at > now() - $2::bigint * interval '1 day', false) AS known,
	clock_timestamp() AS at
