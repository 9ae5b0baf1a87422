-- Queues a job that makes a file of a batch's codes; none: there is no such batch. It is called like
-- a download of the batch.
-- $1 id uuid
-- $2 kind text
-- $3 batch_id uuid
-- $4 created_by uuid
-- $5 status text[]
-- $6 redemptions boolean
-- $7 qr boolean
-- $8 zone text
-- $9 extension text
INSERT INTO jobs (id, kind, batch_id, total, created_by, params)
SELECT $1::uuid, $2::text, b.id, b.ready_codes, $4::uuid, jsonb_build_object(
	'status', to_jsonb($5::text[]), 'redemptions', $6::boolean, 'qr', $7::boolean, 'filename',
	'MBL_' || regexp_replace(b.batch_name, '[^A-Z0-9]+', '-', 'g') || '_'
		|| to_char(now() AT TIME ZONE $8::text, 'YYYYMMDD_HH24MI') || '.' || $9::text)
FROM batches b WHERE b.id = $3::uuid AND b.deleted_at IS NULL;
