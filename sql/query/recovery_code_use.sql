-- Uses a recovery code up; no row is affected where there is none or it was used.
-- $1 user_id uuid
-- $2 code_hash bytea
UPDATE recovery_codes SET used_at = now()
WHERE user_id = $1::uuid AND code_hash = $2::bytea AND used_at IS NULL
