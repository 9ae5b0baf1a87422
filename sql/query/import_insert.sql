-- What an import is told. Its codes get the serials behind those that its batch has.
-- $1 job_id uuid
-- $2 batch_id uuid
-- $3 sha256 text
-- $4 bytes bigint
-- $5 skip boolean
-- $6 dry_run boolean
-- $7 any_format boolean
-- $8 zone text
INSERT INTO imports (job_id, batch_id, sha256, bytes, skip, dry_run, any_format, zone, first_serial)
SELECT $1::uuid, b.id, $3::text, $4::bigint, $5::boolean, $6::boolean, $7::boolean, $8::text,
	b.total_codes + 1
FROM batches b WHERE b.id = $2::uuid AND b.deleted_at IS NULL;
