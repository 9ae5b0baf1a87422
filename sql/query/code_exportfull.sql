-- The same with when, for whom and by whom each code was redeemed.
-- $1 batch_id uuid
-- $2 own_status text[]
-- $3 after integer
-- $4 last integer
-- -> columns
COPY (
	SELECT p.code, p.amount, p.status, p.created_at, p.expires_at, p.serial, p.redeemed_at,
		r.phone_number, r.first_name, r.last_name, r.redeemed_by
	FROM promo_codes p
	LEFT JOIN LATERAL (
		SELECT c.phone_number, c.first_name, c.last_name,
			u.first_name || ' ' || u.last_name AS redeemed_by
		FROM redemptions s
		JOIN users u ON u.id = s.user_id
		LEFT JOIN customers c ON c.id = s.customer_id
		WHERE p.redeemed_at IS NOT NULL AND s.promo_code_id = p.id
			AND s.status = 'completed'
		LIMIT 1) r ON true
	WHERE p.batch_id = $1::uuid AND p.serial > $3::integer AND p.serial <= $4::integer
		AND ($2::text IS NULL OR p.status = ANY ($2::text[]))
	ORDER BY p.serial
) TO STDOUT (FORMAT binary);
