-- Takes away a piece of what a dry run has seen.
-- $1 job_id uuid
-- $2 most bigint
DELETE FROM import_codes WHERE job_id = $1::uuid AND code IN (
	SELECT code FROM import_codes WHERE job_id = $1::uuid ORDER BY code LIMIT $2::bigint);
