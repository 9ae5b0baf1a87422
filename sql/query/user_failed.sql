-- Notes on a user that a sign-in failed, and until when the next has to wait.
-- $1 id uuid
-- $2 lockout_until timestamptz
UPDATE users
SET failed_login_attempts = failed_login_attempts + 1,
	lockout_until = greatest(lockout_until, $2::timestamptz)
WHERE id = $1::uuid
