-- The redemption or the refused attempt that an idempotency key belongs to.
-- $1 key text
-- -> redemption
SELECT v.* FROM redemptions r
JOIN redemption_rows v ON v.id = r.id
WHERE r.idempotency_key = $1::text;
