-- Of these customers those for whom nothing was redeemed since, now that they are locked.
-- $1 ids uuid[]
-- $2 days bigint
-- -> customer_ref
SELECT c.id, c.first_name, c.last_name, c.phone_number
FROM customers c
WHERE c.id = ANY ($1::uuid[])
	AND NOT EXISTS (SELECT FROM redemptions r WHERE r.customer_id = c.id
		AND r.created_at >= now() - make_interval(days => $2::bigint::integer))
ORDER BY c.id;
