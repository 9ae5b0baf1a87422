-- One batch.
-- $1 id uuid
-- -> batch
SELECT * FROM batch_rows WHERE id = $1::uuid;
