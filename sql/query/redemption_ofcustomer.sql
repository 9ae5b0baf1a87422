-- One page of what was redeemed for a customer or tried, newest first.
-- $1 customer_id uuid
-- $2 before uuid
-- $3 limit bigint
-- -> redemption
SELECT * FROM redemption_rows
WHERE "customer.id" = $1::uuid AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC
LIMIT $3::bigint;
