-- Takes away codes that never existed for anyone, each by its serial.
-- $1 batch_id uuid
-- $2 serials integer[]
DELETE FROM promo_codes p USING batches b
WHERE b.id = $1::uuid AND p.batch_id = b.id AND p.serial = ANY ($2::integer[])
	AND p.serial > b.ready_codes;
