-- Forgets what failed for an account, but not which addresses it knows.
-- $1 user_id uuid
WITH unlocked AS (
	UPDATE users SET failed_login_attempts = 0, lockout_until = NULL WHERE id = $1::uuid
)
UPDATE throttles SET count = 0, since = NULL, blocked_until = NULL
WHERE kind = 'signin' AND starts_with(subject, $1::uuid || '/')
