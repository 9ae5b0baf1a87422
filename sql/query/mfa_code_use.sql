-- Uses a code up that was sent; no row is affected where it is not the one, or too old.
-- $1 user_id uuid
-- $2 method text
-- $3 code_hash bytea
UPDATE mfa_sent_codes SET code_hash = NULL
WHERE user_id = $1::uuid AND method = $2::text AND code_hash = $3::bytea
	AND expires_at > clock_timestamp();
