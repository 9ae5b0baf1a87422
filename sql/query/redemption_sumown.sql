-- What a user paid out: completed redemptions, also of codes that were reported later.
-- planned anew
-- $1 user_id uuid
-- $2 begins_at timestamptz
-- $3 ends_at timestamptz
-- -> redemption_totals
SELECT coalesce(sum(s.count), 0)::bigint AS count,
	coalesce(array_agg(s.currency ORDER BY s.currency), '{}') AS "amount.currency",
	coalesce(array_agg(s.amount ORDER BY s.currency), '{}') AS "amount.amount"
FROM (
	SELECT b.currency, count(*) AS count, sum(r.amount)::numeric(18,2) AS amount
	FROM redemptions r
	JOIN promo_codes p ON p.id = r.promo_code_id
	JOIN batches b ON b.id = p.batch_id
	WHERE r.user_id = $1::uuid AND r.status = 'completed'
		AND ($2::timestamptz IS NULL OR r.created_at >= $2::timestamptz)
		AND ($3::timestamptz IS NULL OR r.created_at < $3::timestamptz)
	GROUP BY b.currency) s;
