-- One page of codes, newest first, where few fit: all of them are looked at, in the order of the
-- table, which is far cheaper than in that of an index. OFFSET 0 keeps the planner from the index.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 part text as LIKE takes it
-- $4 not text likewise, of those that are no part of this list
-- $5 created_after timestamptz
-- $6 created_before timestamptz
-- $7 before uuid
-- $8 limit bigint
-- -> code
SELECT c.*
FROM (SELECT s.id FROM (
		SELECT p.id FROM promo_codes_effective p
		WHERE ($1::uuid IS NULL OR p.batch_id = $1::uuid)
			AND ($2::text[] IS NULL OR p.effective_status = ANY ($2::text[]))
			AND ($3::text IS NULL OR p.code LIKE $3::text)
			AND ($4::text IS NULL OR p.code NOT LIKE $4::text)
			AND ($5::timestamptz IS NULL OR p.created_at >= $5::timestamptz)
			AND ($6::timestamptz IS NULL OR p.created_at < $6::timestamptz)
			AND ($7::uuid IS NULL OR p.id < $7::uuid)
		OFFSET 0) s
	ORDER BY s.id DESC LIMIT $8::bigint) h
JOIN code_rows c ON c.id = h.id
ORDER BY c.id DESC;
