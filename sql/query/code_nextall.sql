-- The next codes of any batch that a job has to change, by code.
-- planned anew
-- $1 status text[]
-- $2 part text as LIKE takes it
-- $3 created_after timestamptz
-- $4 created_before timestamptz
-- $5 after text
-- $6 limit bigint
-- -> code_next
SELECT p.id, p.code AS place FROM promo_codes_effective p
WHERE ($1::text[] IS NULL OR p.effective_status = ANY ($1::text[]))
	AND ($2::text IS NULL OR p.code LIKE $2::text)
	AND ($3::timestamptz IS NULL OR p.created_at >= $3::timestamptz)
	AND ($4::timestamptz IS NULL OR p.created_at < $4::timestamptz)
	AND p.code > $5::text
ORDER BY p.code
LIMIT $6::bigint;
