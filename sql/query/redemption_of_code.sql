-- The redemption of a code, as a clerk who verifies it sees it.
-- $1 code_id uuid
-- -> verified_redemption
SELECT r.id, r.completed_at AS redeemed_at, c.phone_number,
	c.first_name AS "customer.first_name", c.last_name AS "customer.last_name",
	u.id AS "redeemed_by.id", u.first_name || ' ' || u.last_name AS "redeemed_by.name"
FROM redemptions r
JOIN users u ON u.id = r.user_id
JOIN customers c ON c.id = r.customer_id
WHERE r.promo_code_id = $1::uuid AND r.status = 'completed';
