-- Notes what came of a job that imported codes; a dry run tells what would come of it.
-- $1 id uuid
-- $2 fence bigint
UPDATE jobs j SET result = jsonb_build_object(
	'mode', CASE WHEN i.skip THEN 'skip' ELSE 'strict' END, 'dry_run', i.dry_run,
	'read', i.rows_read, 'imported', i.accepted, 'rejected', i.rejected,
	'duplicates', i.duplicates, 'redeemed', least(i.redeemed, i.accepted))
FROM imports i WHERE j.id = $1::uuid AND j.fence = $2::bigint AND i.job_id = j.id;
