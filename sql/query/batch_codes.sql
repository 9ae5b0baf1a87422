-- How many codes of a batch exist for people.
-- $1 id uuid
-- -> count
SELECT ready_codes::bigint AS count FROM batches WHERE id = $1::uuid AND deleted_at IS NULL;
