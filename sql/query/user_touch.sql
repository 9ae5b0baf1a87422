-- A user whose rights changed is another version of himself; who was given a token for the password of
-- the former one sets none for this one.
-- $1 id uuid
WITH tokens AS (
	DELETE FROM password_resets WHERE user_id = $1::uuid
)
UPDATE users SET updated_at = now(), version = version + 1 WHERE id = $1::uuid
