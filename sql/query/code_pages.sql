-- How many serials there are in the batch of a code.
-- $1 batch_id uuid
-- -> count
SELECT ready_codes AS count FROM batches WHERE id = $1::uuid;
