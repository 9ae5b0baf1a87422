-- Notes a sign-in. Strangers may still be kept waiting by what failed elsewhere.
-- $1 id uuid
UPDATE users
SET last_login_at = now(), failed_login_attempts = 0,
	lockout_until = (SELECT blocked_until FROM throttles
		WHERE kind = 'signin' AND subject = $1::uuid || '/' AND blocked_until > now())
WHERE id = $1::uuid
