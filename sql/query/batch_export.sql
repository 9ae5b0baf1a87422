-- What a file of a batch's codes is called, without what says its format: the name with A-Z and 0-9
-- only, and the local time.
-- $1 id uuid
-- $2 zone text
-- -> batch_export
SELECT 'MBL_' || regexp_replace(batch_name, '[^A-Z0-9]+', '-', 'g') || '_'
	|| to_char(now() AT TIME ZONE $2::text, 'YYYYMMDD_HH24MI') AS filename
FROM batches WHERE id = $1::uuid AND deleted_at IS NULL;
