-- Which of these codes somebody tried to redeem: what was refused stays on record, and the code with it.
-- After the codes were locked, so that nothing can come in between.
-- $1 ids uuid[]
-- -> id
SELECT i.id FROM unnest($1::uuid[]) AS i (id)
WHERE EXISTS (SELECT FROM redemptions r WHERE r.promo_code_id = i.id);
