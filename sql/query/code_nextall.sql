-- The next codes of any batch that a job has to look at, by code, and which of them it has to change.
-- planned anew
-- $1 status text[]
-- $2 part text as LIKE takes it
-- $3 created_after timestamptz
-- $4 created_before timestamptz
-- $5 after text
-- $6 growing jsonb how many codes were ready of each batch that was getting more
-- $7 limit bigint
-- -> code_next
SELECT w.id, w.code AS place,
	w.serial <= b.ready_codes
	AND w.serial <= coalesce(($6::jsonb ->> w.batch_id::text)::integer, b.ready_codes)
	AND ($1::text[] IS NULL
		OR code_effective_status(w.status, w.expires_at, b.status, b.expiration_date)
			= ANY ($1::text[]))
	AND ($2::text IS NULL OR w.code LIKE $2::text)
	AND ($3::timestamptz IS NULL OR w.created_at >= $3::timestamptz)
	AND ($4::timestamptz IS NULL OR w.created_at < $4::timestamptz) AS fits
FROM (SELECT * FROM promo_codes WHERE code > $5::text ORDER BY code LIMIT $7::bigint) w
JOIN batches b ON b.id = w.batch_id
ORDER BY w.code;
