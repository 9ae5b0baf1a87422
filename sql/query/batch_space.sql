-- How many serials a batch has given out.
-- $1 id uuid
-- -> batch_space
SELECT total_codes AS last_serial, ready_codes = total_codes AS whole FROM batches
WHERE id = $1::uuid;
