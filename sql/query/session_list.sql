-- A page of a user's sessions that have not ended, newest first.
-- $1 user_id uuid
-- $2 current uuid
-- $3 idle_seconds bigint
-- $4 absolute_seconds bigint
-- $5 after uuid
-- $6 limit bigint
-- -> session
SELECT id, host(ip) AS ip, user_agent, created_at, last_seen_at, expires_at,
	coalesce(id = $2::uuid, false) AS current
FROM sessions
WHERE user_id = $1::uuid AND expires_at > now()
	AND (remember OR (last_seen_at > now() - $3::bigint * interval '1 second'
		AND created_at > now() - $4::bigint * interval '1 second'))
	AND ($5::uuid IS NULL OR id < $5::uuid)
ORDER BY id DESC
LIMIT $6::bigint
