-- Marks a redeemed code as reported, if it is still redeemed.
-- $1 id uuid
UPDATE promo_codes SET status = 'reported', reported_at = now()
WHERE id = $1::uuid AND status = 'redeemed';
