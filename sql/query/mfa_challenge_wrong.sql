-- Notes a wrong code of a sign-in.
-- $1 token_hash bytea
UPDATE mfa_challenges SET wrong = wrong + 1 WHERE token_hash = $1::bytea
