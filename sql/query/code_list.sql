-- One page of codes, newest first, where most that are passed on the way fit.
-- planned anew
-- $1 status text[]
-- $2 before uuid
-- $3 limit bigint
-- -> code
SELECT * FROM code_rows
WHERE ($1::text[] IS NULL OR status = ANY ($1::text[]))
	AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC
LIMIT $3::bigint;
