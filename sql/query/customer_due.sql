-- Of the next customers those of whom nothing was heard for a long time, locked; the next time it
-- is the turn of those behind them. Who is at the counter just now is left out.
-- $1 days bigint
-- $2 depth bigint
-- -> customer_ref
WITH looked AS MATERIALIZED (
	SELECT id FROM customers WHERE id > (SELECT kept_id FROM customer_rounds)
	ORDER BY id LIMIT $2::bigint
), moved AS (
	UPDATE customer_rounds SET kept_id = coalesce((SELECT id FROM looked ORDER BY id DESC LIMIT 1),
		'00000000-0000-0000-0000-000000000000')
)
SELECT c.id, c.first_name, c.last_name, c.phone_number
FROM looked l JOIN customers c ON c.id = l.id
WHERE (c.phone_number IS NOT NULL OR c.first_name IS NOT NULL OR c.last_name IS NOT NULL
		OR c.email IS NOT NULL)
	AND c.created_at < now() - make_interval(days => $1::bigint::integer)
	AND NOT EXISTS (SELECT FROM redemptions r WHERE r.customer_id = c.id
		AND r.created_at >= now() - make_interval(days => $1::bigint::integer))
	-- Nor what a case is about that is open, or was not long ago.
	AND NOT EXISTS (SELECT FROM fraud_reports f WHERE f.claimant_phone_number = c.phone_number
		AND (f.status IN ('pending', 'investigating')
			OR f.updated_at >= now() - make_interval(days => $1::bigint::integer)))
	AND NOT EXISTS (SELECT FROM redemptions r
		JOIN fraud_reports f ON f.promo_code_id = r.promo_code_id AND f.redemption_id = r.id
		WHERE r.customer_id = c.id AND (f.status IN ('pending', 'investigating')
			OR f.updated_at >= now() - make_interval(days => $1::bigint::integer)))
ORDER BY c.id LIMIT 500
FOR UPDATE OF c SKIP LOCKED;
