-- What decides about codes that somebody brings: themselves, their batches, and the redemption and the
-- open case of those that have one. Codes beyond ready_codes do not exist yet.
-- $1 codes text[]
-- -> code_found
SELECT p.ord, p.id, p.code, p.own_status, p.amount, p.currency, p.expires_at, p.batch_id, p.batch_name,
	p.batch_status, p.batch_version, p.batch_expires_at, p.assigned_user_id, o.*
-- OFFSET 0 keeps its parts apart, so that the parameters of each probe are those that it needs.
FROM (SELECT i.ord, c.id, c.code, c.serial, c.status AS own_status, c.amount, c.expires_at,
		b.id AS batch_id, b.batch_name, b.currency, b.ready_codes, b.status AS batch_status,
		b.version AS batch_version, b.expiration_date AS batch_expires_at, b.assigned_user_id
	FROM unnest($1::text[]) WITH ORDINALITY i(code, ord)
	CROSS JOIN LATERAL (SELECT * FROM promo_codes WHERE code = i.code LIMIT 1) c
	CROSS JOIN LATERAL (SELECT * FROM batches WHERE id = c.batch_id LIMIT 1) b
	OFFSET 0) p
-- One gate before all of what only codes have that were redeemed.
LEFT JOIN LATERAL (SELECT r.id AS "redemption.id", r.completed_at AS "redemption.redeemed_at",
		c.phone_number AS "redemption.phone_number",
		c.first_name AS "redemption.customer.first_name",
		c.last_name AS "redemption.customer.last_name",
		u.id AS "redemption.redeemed_by.id",
		u.first_name || ' ' || u.last_name AS "redemption.redeemed_by.name",
		f.id AS "report.id", f.status AS "report.status", f.created_at AS "report.created_at"
	FROM (SELECT p.own_status IN ('redeemed', 'reported') AS opens OFFSET 0) gate
	-- The expression is that of redemptions_promo_code_key: attempts that were refused may be many.
	LEFT JOIN LATERAL (SELECT * FROM redemptions WHERE promo_code_id = p.id AND
		(CASE status WHEN 'completed' THEN '00000000-0000-0000-0000-000000000000' ELSE id END)
			= '00000000-0000-0000-0000-000000000000' LIMIT 1) r ON true
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = r.customer_id LIMIT 1) c ON true
	LEFT JOIN LATERAL (SELECT * FROM users WHERE id = r.user_id LIMIT 1) u ON true
	-- Likewise of fraud_reports_open_key.
	LEFT JOIN LATERAL (SELECT * FROM fraud_reports
		WHERE p.own_status = 'reported' AND promo_code_id = p.id AND
		(CASE status WHEN 'rejected' THEN id ELSE '00000000-0000-0000-0000-000000000000' END)
			= '00000000-0000-0000-0000-000000000000' LIMIT 1) f ON true
	WHERE gate.opens LIMIT 1) o ON true
WHERE p.serial <= p.ready_codes
