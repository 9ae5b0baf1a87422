-- The codes of a batch as they are printed, in the order of their places on the sheets: what each is
-- worth, the last day on which it is good, and how many codes the batch has by this snapshot.
-- $1 batch_id uuid
-- $2 status text[]
-- $3 zone text
-- -> columns
SELECT p.code, p.amount::text AS amount, p.currency,
	((p.effective_expires_at - interval '1 millisecond') AT TIME ZONE $3::text)::date::text
		AS expires,
	p.serial::text AS serial, b.ready_codes::text AS ready_codes
FROM promo_codes_effective p
JOIN batches b ON b.id = p.batch_id
WHERE p.batch_id = $1::uuid AND ($2::text[] IS NULL OR p.effective_status = ANY ($2::text[]))
ORDER BY p.serial;
