-- A second factor counts from now on, and the step of the code that showed it is used.
-- $1 user_id uuid
-- $2 method text
-- $3 step bigint
UPDATE mfa_methods
SET confirmed_at = now(), last_step = $3::bigint
WHERE user_id = $1::uuid AND method = $2::text AND confirmed_at IS NULL
