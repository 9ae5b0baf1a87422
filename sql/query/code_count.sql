-- How many codes there are.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 q text
-- $4 created_after timestamptz
-- $5 created_before timestamptz
-- -> count
SELECT count(*) AS count FROM code_rows
WHERE ($1::uuid IS NULL OR "batch.id" = $1::uuid)
	AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
	AND ($3::text IS NULL OR strpos(code, upper(regexp_replace($3::text, '[ -]', '', 'g'))) > 0)
	AND ($4::timestamptz IS NULL OR created_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR created_at < $5::timestamptz);
