-- The next codes of a batch that a job has to look at, by serial, and which of them it has to change.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 part text as LIKE takes it
-- $4 created_after timestamptz
-- $5 created_before timestamptz
-- $6 after integer
-- $7 last integer
-- $8 limit bigint
-- -> code_next
SELECT w.id, w.serial::text AS place,
	w.serial <= b.ready_codes
	AND ($2::text[] IS NULL
		OR code_effective_status(w.status, w.expires_at, b.status, b.expiration_date)
			= ANY ($2::text[]))
	AND ($3::text IS NULL OR w.code LIKE $3::text)
	AND ($4::timestamptz IS NULL OR w.created_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR w.created_at < $5::timestamptz) AS fits
FROM (SELECT * FROM promo_codes
	WHERE batch_id = $1::uuid AND serial > $6::integer AND serial <= $7::integer
	ORDER BY serial LIMIT $8::bigint) w
JOIN batches b ON b.id = w.batch_id
ORDER BY w.serial;
