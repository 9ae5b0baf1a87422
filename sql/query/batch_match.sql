-- Batches that fit a filter, at most so many.
-- planned anew
-- $1 q text
-- $2 status text[]
-- $3 assigned_user_id uuid
-- $4 expires_before date
-- $5 expires_after date
-- $6 limit bigint
-- -> id
SELECT id FROM batch_rows
WHERE ($1::text IS NULL OR strpos(batch_name, upper($1::text)) > 0)
	AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
	AND ($3::uuid IS NULL OR "assigned_user.id" = $3::uuid)
	AND ($4::date IS NULL OR expiration_date < $4::date)
	AND ($5::date IS NULL OR expiration_date > $5::date)
ORDER BY id
LIMIT $6::bigint;
