-- How much was redeemed for a customer or tried.
-- $1 customer_id uuid
-- -> count
SELECT count(*) AS count FROM redemptions WHERE customer_id = $1::uuid;
