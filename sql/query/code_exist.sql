-- Which of these are codes that exist.
-- $1 codes text[]
-- -> code_next
SELECT p.id, p.code AS place, true AS fits FROM promo_codes p JOIN batches b ON b.id = p.batch_id
WHERE p.code = ANY ($1::text[]) AND p.serial <= b.ready_codes;
