-- The second factors that a user has enrolled, and how many recovery codes are left to him.
-- $1 user_id uuid
-- -> mfa_usable
SELECT ARRAY(SELECT method FROM mfa_methods
		WHERE user_id = $1::uuid AND confirmed_at IS NOT NULL ORDER BY method) AS methods,
	(SELECT count(*) FROM recovery_codes
		WHERE user_id = $1::uuid AND used_at IS NULL) AS recovery_codes
