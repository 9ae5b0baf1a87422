-- A page of a user's API keys, newest first.
-- $1 user_id uuid
-- $2 before uuid
-- $3 limit bigint
-- -> api_key
SELECT id, name, permissions, allowed_ips, expires_at, last_used_at, created_at, prefix
FROM api_key_rows
WHERE user_id = $1::uuid AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC
LIMIT $3::bigint
