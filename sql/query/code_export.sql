-- The codes of a batch as columns of its CSV file.
-- $1 batch_id uuid
-- $2 status text[]
-- -> columns
SELECT p.code, p.batch_name, p.amount::text AS amount, p.currency, p.effective_status AS status,
	to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created,
	to_char(p.effective_expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
		AS expires,
	p.serial::text AS serial
FROM promo_codes_effective p
WHERE p.batch_id = $1::uuid AND ($2::text[] IS NULL OR p.effective_status = ANY ($2::text[]))
ORDER BY p.serial;
