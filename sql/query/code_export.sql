-- Codes of a batch, for files: those behind one serial and up to another. What their batch and the
-- clock make of them is not for the database to say a million times: ops/export_codes.c does. So the
-- filter is one of their own status.
-- $1 batch_id uuid
-- $2 own_status text[]
-- $3 after integer
-- $4 last integer
-- -> columns
COPY (
	SELECT p.code, p.amount, p.status, p.created_at, p.expires_at, p.serial
	FROM promo_codes p
	WHERE p.batch_id = $1::uuid AND p.serial > $3::integer AND p.serial <= $4::integer
		AND ($2::text IS NULL OR p.status = ANY ($2::text[]))
	ORDER BY p.serial
) TO STDOUT (FORMAT binary);
