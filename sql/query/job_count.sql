-- How many jobs there are.
-- planned anew
-- $1 status text[]
-- $2 kind text[]
-- $3 batch_id uuid
-- $4 own_by uuid
-- -> count
SELECT count(*) AS count FROM job_rows
WHERE ($1::text[] IS NULL OR status = ANY ($1::text[]))
	AND ($2::text[] IS NULL OR kind = ANY ($2::text[]))
	AND ($3::uuid IS NULL OR batch_id = $3::uuid)
	AND ($4::uuid IS NULL OR "created_by.id" = $4::uuid);
