-- Takes away the files of some of the jobs that ended a while ago.
-- $1 days bigint
DELETE FROM job_files f WHERE f.job_id IN (
	SELECT DISTINCT o.job_id FROM job_files o JOIN jobs j ON j.id = o.job_id
	WHERE j.finished_at < now() - make_interval(days => $1::bigint::integer) LIMIT 20);
