-- Takes away the sign-ins that waited in vain: of one user, or of all.
-- $1 user_id uuid
DELETE FROM mfa_challenges
WHERE expires_at <= now() AND ($1::uuid IS NULL OR user_id = $1::uuid)
