-- One page of the codes of a batch by their serials, where few fit: see code_scan.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 own text[] statuses that a code of its own has which has one of these
-- $4 part text as LIKE takes it
-- $5 created_after timestamptz
-- $6 created_before timestamptz
-- $7 sort text serial or -serial
-- $8 after bigint
-- $9 limit bigint
-- -> code
SELECT c.*
FROM (SELECT s.id
	FROM (SELECT p.id, p.batch_id, p.serial, p.status, p.expires_at FROM promo_codes p
		WHERE p.batch_id = $1::uuid
			AND ($3::text[] IS NULL OR p.status = ANY ($3::text[]))
			AND ($4::text IS NULL OR p.code LIKE $4::text)
			AND ($5::timestamptz IS NULL OR p.created_at >= $5::timestamptz)
			AND ($6::timestamptz IS NULL OR p.created_at < $6::timestamptz)
			AND ($8::bigint IS NULL OR CASE $7::text
				WHEN 'serial' THEN p.serial > $8::bigint ELSE p.serial < $8::bigint END)
		OFFSET 0) s
	JOIN batches b ON b.id = s.batch_id
	WHERE s.serial <= b.ready_codes AND ($2::text[] IS NULL
		OR code_effective_status(s.status, s.expires_at, b.status, b.expiration_date)
			= ANY ($2::text[]))
	ORDER BY CASE $7::text WHEN 'serial' THEN s.serial END, s.serial DESC
	LIMIT $9::bigint) h
JOIN code_rows c ON c.id = h.id
ORDER BY CASE $7::text WHEN 'serial' THEN c.serial END, c.serial DESC;
