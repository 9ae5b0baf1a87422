-- A sign-in that waits for its second factor.
-- $1 token_hash bytea
-- $2 user_id uuid
-- $3 remember boolean
-- $4 cookie boolean
-- $5 seconds bigint
INSERT INTO mfa_challenges (token_hash, user_id, remember, cookie, expires_at)
VALUES ($1::bytea, $2::uuid, $3::boolean, $4::boolean, now() + $5::bigint * interval '1 second')
