-- What stands on every sheet of a batch, and what the file of its sheets is called: the name with A-Z
-- and 0-9 only, and the local time.
-- $1 id uuid
-- $2 zone text
-- -> batch_print
SELECT batch_name,
	'MBL_' || regexp_replace(batch_name, '[^A-Z0-9]+', '-', 'g') || '_'
		|| to_char(now() AT TIME ZONE $2::text, 'YYYYMMDD_HH24MI') || '.pdf' AS filename,
	(now() AT TIME ZONE $2::text)::date AS made_on
FROM batches WHERE id = $1::uuid AND deleted_at IS NULL;
