-- The session that asks.
-- $1 id uuid
-- -> session
SELECT id, host(ip) AS ip, user_agent, created_at, last_seen_at, expires_at, true AS current
FROM sessions
WHERE id = $1::uuid
