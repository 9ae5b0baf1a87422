-- Changes the status of a batch, if it is still what was decided upon.
-- $1 id uuid
-- $2 version bigint
-- $3 status text
UPDATE batches SET status = $3::text, updated_at = now(), version = version + 1
WHERE id = $1::uuid AND version = $2::bigint;
