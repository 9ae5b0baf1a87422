-- Notes a sign-in, and a password hash that was made again with today's parameters.
-- $1 id uuid
-- $2 password_hash text
UPDATE users
SET last_login_at = now(), password_hash = coalesce($2::text, password_hash)
WHERE id = $1::uuid
