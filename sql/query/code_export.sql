-- Codes of a batch as columns of its CSV file: those behind one serial and up to another.
-- $1 batch_id uuid
-- $2 status text[]
-- $3 after integer
-- $4 last integer
-- -> columns
COPY (
	SELECT p.code, p.batch_name, p.amount, p.currency, p.effective_status, p.created_at,
		p.effective_expires_at, p.serial
	FROM promo_codes_effective p
	WHERE p.batch_id = $1::uuid AND p.serial > $3::integer AND p.serial <= $4::integer
		AND ($2::text IS NULL OR p.effective_status = ANY ($2::text[]))
	ORDER BY p.serial
) TO STDOUT;
