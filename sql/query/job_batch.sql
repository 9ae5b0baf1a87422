-- What a generating job has to know of its batch.
-- $1 batch_id uuid
-- $2 zone text
-- -> job_batch
SELECT b.amount_per_code, b.code_format, (now() AT TIME ZONE $2::text)::date AS day
FROM batches b WHERE b.id = $1::uuid;
