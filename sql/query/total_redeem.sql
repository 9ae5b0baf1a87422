-- Counts a redemption in the row of this lane, so that no row is hot.
-- $1 batch_id uuid
-- $2 zone text
-- $3 lane integer
-- $4 amount numeric
INSERT INTO totals AS t (batch_id, day, lane, redeemed, redeemed_amount)
VALUES ($1::uuid, (now() AT TIME ZONE $2::text)::date, $3::integer, 1, $4::numeric)
ON CONFLICT (batch_id, day, lane) DO UPDATE
SET redeemed = t.redeemed + 1, redeemed_amount = t.redeemed_amount + excluded.redeemed_amount;
