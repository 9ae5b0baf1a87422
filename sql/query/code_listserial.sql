-- One page of the codes of a batch by their serials, where most that are passed on the way fit. What a
-- job is making and is not ready lies behind the end of the index that is read.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 sort text serial or -serial
-- $4 after bigint
-- $5 limit bigint
-- -> code
SELECT * FROM code_rows
WHERE "batch.id" = $1::uuid
	AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
	AND serial <= (SELECT b.ready_codes FROM batches b WHERE b.id = $1::uuid)
	AND ($4::bigint IS NULL
		OR CASE $3::text WHEN 'serial' THEN serial > $4::bigint ELSE serial < $4::bigint END)
ORDER BY CASE $3::text WHEN 'serial' THEN serial END, serial DESC
LIMIT $5::bigint;
