-- A page of a user's sessions that have not ended, newest first.
-- $1 user_id uuid
-- $2 current uuid
-- $3 idle_seconds bigint
-- $4 after uuid
-- $5 limit bigint
-- -> session
SELECT id, host(ip) AS ip, user_agent, created_at, last_seen_at, expires_at,
	coalesce(id = $2::uuid, false) AS current
FROM sessions
WHERE user_id = $1::uuid AND expires_at > now()
	AND (remember OR last_seen_at > now() - $3::bigint * interval '1 second')
	AND ($4::uuid IS NULL OR id < $4::uuid)
ORDER BY id DESC
LIMIT $5::bigint
