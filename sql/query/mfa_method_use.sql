-- Uses a step up; no row is affected where somebody was faster. What was sealed with an old key is given
-- anew.
-- $1 user_id uuid
-- $2 method text
-- $3 step bigint
-- $4 secret bytea
-- $5 key_id text
UPDATE mfa_methods
SET last_step = $3::bigint, secret = coalesce($4::bytea, secret),
	key_id = coalesce($5::text, key_id)
WHERE user_id = $1::uuid AND method = $2::text AND confirmed_at IS NOT NULL
	AND last_step < $3::bigint
