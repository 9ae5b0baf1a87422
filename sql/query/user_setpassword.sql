-- A new password.
-- $1 id uuid
-- $2 password_hash text
UPDATE users
SET password_hash = $2::text, updated_at = now(), version = version + 1
WHERE id = $1::uuid
