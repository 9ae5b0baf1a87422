-- One page of the codes of a batch, newest first: later serials were made later. What a job is making
-- and is not ready lies behind the end of the index that is read.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 before bigint
-- $4 limit bigint
-- -> code
SELECT * FROM code_rows
WHERE "batch.id" = $1::uuid
	AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
	AND serial <= (SELECT b.ready_codes FROM batches b WHERE b.id = $1::uuid)
	AND ($3::bigint IS NULL OR serial < $3::bigint)
ORDER BY serial DESC
LIMIT $4::bigint;
