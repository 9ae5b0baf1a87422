-- One page of the codes that begin with something, by code: a piece of the unique index.
-- planned anew
-- $1 first text
-- $2 beyond text
-- $3 batch_id uuid
-- $4 status text[]
-- $5 created_after timestamptz
-- $6 created_before timestamptz
-- $7 after text
-- $8 limit bigint
-- -> code
SELECT * FROM code_rows
WHERE code >= $1::text AND code < $2::text
	AND ($3::uuid IS NULL OR "batch.id" = $3::uuid)
	AND ($4::text[] IS NULL OR status = ANY ($4::text[]))
	AND ($5::timestamptz IS NULL OR created_at >= $5::timestamptz)
	AND ($6::timestamptz IS NULL OR created_at < $6::timestamptz)
	AND ($7::text IS NULL OR code > $7::text)
ORDER BY code
LIMIT $8::bigint;
