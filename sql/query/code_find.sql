-- What decides about codes that somebody brings: themselves, their batches, and the redemption and the
-- open case of those that have one. Codes beyond ready_codes do not exist yet.
-- $1 codes text[]
-- -> code_found
SELECT i.ord, p.id, p.code, p.status AS own_status, p.amount, b.currency, p.expires_at,
	b.id AS batch_id, b.batch_name, b.status AS batch_status, b.version AS batch_version,
	b.expiration_date AS batch_expires_at, b.assigned_user_id,
	r.id AS "redemption.id", r.completed_at AS "redemption.redeemed_at",
	c.phone_number AS "redemption.phone_number",
	c.first_name AS "redemption.customer.first_name",
	c.last_name AS "redemption.customer.last_name",
	u.id AS "redemption.redeemed_by.id",
	u.first_name || ' ' || u.last_name AS "redemption.redeemed_by.name",
	f.id AS "report.id", f.status AS "report.status", f.created_at AS "report.created_at"
FROM unnest($1::text[]) WITH ORDINALITY i(code, ord)
CROSS JOIN LATERAL (SELECT * FROM promo_codes WHERE code = i.code LIMIT 1) p
CROSS JOIN LATERAL (SELECT * FROM batches WHERE id = p.batch_id LIMIT 1) b
-- The expression is that of redemptions_promo_code_key: refused attempts on a code may be many.
LEFT JOIN LATERAL (SELECT * FROM redemptions
	WHERE p.status IN ('redeemed', 'reported') AND promo_code_id = p.id AND
		(CASE status WHEN 'completed' THEN '00000000-0000-0000-0000-000000000000' ELSE id END)
			= '00000000-0000-0000-0000-000000000000'
	LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = r.customer_id LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT * FROM users WHERE id = r.user_id LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT * FROM fraud_reports
	WHERE p.status = 'reported' AND promo_code_id = p.id AND
		(CASE status WHEN 'rejected' THEN id ELSE '00000000-0000-0000-0000-000000000000' END)
			= '00000000-0000-0000-0000-000000000000'
	LIMIT 1) f ON true
WHERE p.serial <= b.ready_codes;
