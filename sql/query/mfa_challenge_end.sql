-- Ends a sign-in that waited for its second factor.
-- $1 token_hash bytea
DELETE FROM mfa_challenges WHERE token_hash = $1::bytea
