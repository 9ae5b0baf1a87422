-- Which of these ids are codes that exist.
-- $1 ids uuid[]
-- -> id
SELECT p.id FROM promo_codes p JOIN batches b ON b.id = p.batch_id
WHERE p.id = ANY ($1::uuid[]) AND p.serial <= b.ready_codes;
