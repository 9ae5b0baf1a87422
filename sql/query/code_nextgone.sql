-- The next codes of a batch that was deleted.
-- $1 batch_id uuid
-- $2 after integer
-- $3 limit bigint
-- -> code_next
SELECT p.id, p.serial::text AS place, true AS fits FROM promo_codes p
WHERE p.batch_id = $1::uuid AND p.serial > $2::integer
ORDER BY p.serial
LIMIT $3::bigint;
