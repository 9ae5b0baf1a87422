-- What decides about a code that somebody brings. Codes beyond ready_codes do not exist yet.
-- $1 code text
-- -> code_found
SELECT p.id, p.code, p.status AS own_status, p.amount, b.currency, p.expires_at, p.redeemed_at,
	b.id AS batch_id, b.batch_name, b.status AS batch_status, b.version AS batch_version,
	b.expiration_date AS batch_expires_at, b.assigned_user_id
FROM promo_codes p
CROSS JOIN LATERAL (SELECT * FROM batches WHERE id = p.batch_id LIMIT 1) b
WHERE p.code = $1::text AND p.serial <= b.ready_codes;
