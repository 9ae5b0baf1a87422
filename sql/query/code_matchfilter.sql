-- Codes that fit a filter, as many as can be changed in one request and one more.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 part text as LIKE takes it
-- $4 created_after timestamptz
-- $5 created_before timestamptz
-- $6 limit bigint
-- -> id
SELECT p.id FROM promo_codes_effective p
WHERE ($1::uuid IS NULL OR p.batch_id = $1::uuid)
	AND ($2::text[] IS NULL OR p.effective_status = ANY ($2::text[]))
	AND ($3::text IS NULL OR p.code LIKE $3::text)
	AND ($4::timestamptz IS NULL OR p.created_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR p.created_at < $5::timestamptz)
LIMIT $6::bigint;
