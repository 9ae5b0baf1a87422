-- What is the same for all codes of a batch, and how many of them exist for people.
-- $1 id uuid
-- -> batch_codes
SELECT ready_codes, batch_name, currency, status, expiration_date, now() AS now
FROM batches WHERE id = $1::uuid AND deleted_at IS NULL;
