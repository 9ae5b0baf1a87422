-- Deletes a user: what is his goes, and of himself what is personal; his row stays for the history that
-- points at it. The caller holds it locked whole.
-- $1 id uuid
WITH person AS (
	SELECT id, email, phone_number FROM users WHERE id = $1::uuid
), letters AS (
	DELETE FROM outbox o USING person p
	WHERE o.recipient = p.email OR o.recipient = p.phone_number
		OR o.recipient IN (SELECT address FROM mfa_methods m WHERE m.user_id = p.id)
), enrolments AS (
	DELETE FROM registrations g USING person p
	WHERE g.email = p.email OR g.phone_number = p.phone_number
), a AS (DELETE FROM sessions WHERE user_id = $1::uuid
), b AS (DELETE FROM api_keys WHERE user_id = $1::uuid
), c AS (DELETE FROM mfa_methods WHERE user_id = $1::uuid
), d AS (DELETE FROM mfa_challenges WHERE user_id = $1::uuid
), e AS (DELETE FROM mfa_sent_codes WHERE user_id = $1::uuid
), f AS (DELETE FROM recovery_codes WHERE user_id = $1::uuid
), g AS (DELETE FROM password_resets WHERE user_id = $1::uuid
), h AS (DELETE FROM user_role_assignments WHERE user_id = $1::uuid
), i AS (DELETE FROM user_permissions WHERE user_id = $1::uuid
), j AS (DELETE FROM notifications WHERE user_id = $1::uuid
), k AS (
	-- The answer that whoever made him would be given again holds his name and addresses, too.
	DELETE FROM idempotency_keys WHERE user_id = $1::uuid
		OR (operation = 'user.create' AND strpos(answer, ($1::uuid)::text) > 0)
), l AS (DELETE FROM throttles WHERE split_part(subject, '/', 1) = ($1::uuid)::text
), m AS (
	UPDATE batches SET assigned_user_id = NULL, updated_at = now(), version = version + 1
	WHERE assigned_user_id = $1::uuid
)
UPDATE users
SET first_name = 'Deleted', last_name = 'user', email = NULL, phone_number = NULL,
	password_hash = NULL, is_active = false, mfa_enabled = false, failed_login_attempts = 0,
	lockout_until = NULL, last_login_at = NULL, updated_at = now(), deleted_at = now(),
	version = version + 1
WHERE id = $1::uuid
