-- One redemption.
-- $1 id uuid
-- -> redemption
SELECT * FROM redemption_rows WHERE id = $1::uuid;
