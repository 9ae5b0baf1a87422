-- Attempts on codes that exist which were refused: they bind their keys. A row for each that was
-- written; who has none was overtaken: his key was bound meanwhile, by another process.
-- $1 ids uuid[]
-- $2 user_ids uuid[]
-- $3 code_ids uuid[]
-- $4 customer_ids uuid[] where there is a customer with the phone
-- $5 amounts numeric[]
-- $6 keys text[]
-- $7 request_hashes text[]
-- $8 error_codes text[]
-- $9 error_messages text[]
-- $10 notes text[]
-- -> id
INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, idempotency_key,
	request_hash, error_code, error_message, note, refused_batch_id)
SELECT id, user_id, code_id, customer_id, amount, 'failed', key, request_hash, error_code,
	error_message, note, (SELECT batch_id FROM promo_codes WHERE promo_codes.id = code_id)
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::numeric[], $6::text[], $7::text[],
	$8::text[], $9::text[], $10::text[])
	i(id, user_id, code_id, customer_id, amount, key, request_hash, error_code, error_message, note)
ORDER BY key
ON CONFLICT (idempotency_key) DO NOTHING
RETURNING id
