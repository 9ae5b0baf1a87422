-- An API key of a user.
-- $1 id uuid
-- $2 user_id uuid
-- -> api_key
SELECT id, name, permissions, allowed_ips, expires_at, last_used_at, created_at, prefix
FROM api_key_rows
WHERE id = $1::uuid AND user_id = $2::uuid
