-- The codes of a list that exist.
-- $1 codes text[]
-- -> id
SELECT p.id FROM promo_codes p JOIN batches b ON b.id = p.batch_id
WHERE p.code = ANY ($1::text[]) AND p.serial <= b.ready_codes;
