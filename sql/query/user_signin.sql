-- Notes a sign-in.
-- $1 id uuid
UPDATE users SET last_login_at = now() WHERE id = $1::uuid
