-- One customer, with the sums of his redemptions.
-- $1 id uuid
-- -> customer
SELECT * FROM customer_rows WHERE id = $1::uuid;
