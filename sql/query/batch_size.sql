-- How many codes a batch has.
-- $1 id uuid
-- -> count
SELECT total_codes::bigint AS count FROM batches WHERE id = $1::uuid;
