-- A redemption, or an attempt that was refused (with error_code).
-- $1 id uuid
-- $2 user_id uuid
-- $3 promo_code_id uuid
-- $4 customer_id uuid
-- $5 amount numeric
-- $6 status text
-- $7 idempotency_key text
-- $8 request_hash text
-- $9 error_code text
-- $10 error_message text
-- $11 note text
INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, idempotency_key,
	request_hash, error_code, error_message, note, completed_at)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::numeric, $6::text, $7::text, $8::text, $9::text,
	$10::text, $11::text, CASE WHEN $6::text = 'completed' THEN now() END);
