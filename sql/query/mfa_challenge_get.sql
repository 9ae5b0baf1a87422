-- The sign-in that a token stands for, if it may still go on.
-- $1 token_hash bytea
-- $2 wrong bigint
-- -> mfa_challenge
SELECT user_id, remember, cookie, wrong
FROM mfa_challenges
WHERE token_hash = $1::bytea AND wrong < $2::bigint AND expires_at > clock_timestamp()
