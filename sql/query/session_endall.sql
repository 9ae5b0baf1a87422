-- Ends the sessions of a user, but for one where it is given, and all sign-ins that wait for a second
-- factor.
-- $1 user_id uuid
-- $2 but uuid
WITH waiting AS (
	DELETE FROM mfa_challenges WHERE user_id = $1::uuid
)
DELETE FROM sessions WHERE user_id = $1::uuid AND ($2::uuid IS NULL OR id <> $2::uuid)
