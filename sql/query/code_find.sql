-- What decides about a code that somebody brings. Codes beyond ready_codes do not exist yet.
-- $1 code text
-- -> code_facts
SELECT p.id, p.code, p.status AS own_status, p.amount, b.currency,
	least(p.expires_at, b.expiration_date) AS expires_at, p.redeemed_at,
	b.id AS batch_id, b.batch_name, b.status AS batch_status, b.version AS batch_version,
	b.expiration_date AS batch_expires_at, b.assigned_user_id
FROM promo_codes p
JOIN batches b ON b.id = p.batch_id
WHERE p.code = $1::text AND p.serial <= b.ready_codes;
