-- Takes away codes that never existed for anyone, by their serials.
-- $1 batch_id uuid
-- $2 first bigint
-- $3 last bigint
DELETE FROM promo_codes p USING batches b
WHERE b.id = $1::uuid AND p.batch_id = b.id AND p.serial BETWEEN $2::bigint AND $3::bigint
	AND p.serial > b.ready_codes;
