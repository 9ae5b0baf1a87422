-- Gives all codes of a batch another amount.
-- $1 batch_id uuid
-- $2 amount numeric
UPDATE promo_codes SET amount = $2::numeric WHERE batch_id = $1::uuid AND amount <> $2::numeric;
