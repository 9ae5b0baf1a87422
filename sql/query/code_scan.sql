-- One page of codes, newest first, where few fit: all of them are looked at, in the order of the
-- table, which is far cheaper than in that of an index. OFFSET 0 keeps the planner from the index, and
-- what a code alone shows comes before what follows from its batch.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 own text[] statuses that a code of its own has which has one of these
-- $4 part text as LIKE takes it
-- $5 not text likewise, of those that are no part of this list
-- $6 created_after timestamptz
-- $7 created_before timestamptz
-- $8 before uuid
-- $9 limit bigint
-- -> code
SELECT c.*
FROM (SELECT s.id
	FROM (SELECT p.id, p.batch_id, p.serial, p.status, p.expires_at FROM promo_codes p
		WHERE ($1::uuid IS NULL OR p.batch_id = $1::uuid)
			AND ($3::text[] IS NULL OR p.status = ANY ($3::text[]))
			AND ($4::text IS NULL OR p.code LIKE $4::text)
			AND ($5::text IS NULL OR p.code NOT LIKE $5::text)
			AND ($6::timestamptz IS NULL OR p.created_at >= $6::timestamptz)
			AND ($7::timestamptz IS NULL OR p.created_at < $7::timestamptz)
			AND ($8::uuid IS NULL OR p.id < $8::uuid)
		OFFSET 0) s
	JOIN batches b ON b.id = s.batch_id
	WHERE s.serial <= b.ready_codes AND ($2::text[] IS NULL
		OR code_effective_status(s.status, s.expires_at, b.status, b.expiration_date)
			= ANY ($2::text[]))
	ORDER BY s.id DESC LIMIT $9::bigint) h
JOIN code_rows c ON c.id = h.id
ORDER BY c.id DESC;
