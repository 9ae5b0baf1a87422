-- What a file of a list is called, without what says its format.
-- $1 name text
-- $2 zone text
-- -> batch_export
SELECT 'MBL_' || $1::text || '_' || to_char(now() AT TIME ZONE $2::text, 'YYYYMMDD_HH24MI') AS filename;
