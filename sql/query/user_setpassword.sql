-- A new password; whoever was given a token to set one sets none any more.
-- $1 id uuid
-- $2 password_hash text
WITH tokens AS (
	DELETE FROM password_resets WHERE user_id = $1::uuid
)
UPDATE users
SET password_hash = $2::text, updated_at = now(), version = version + 1
WHERE id = $1::uuid
