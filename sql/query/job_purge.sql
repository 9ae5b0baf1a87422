-- Takes away some of the jobs that ended long ago, with their chunks and files.
-- $1 days bigint
DELETE FROM jobs WHERE id IN (
	SELECT id FROM jobs
	WHERE finished_at < now() - make_interval(days => $1::bigint::integer)
	ORDER BY finished_at LIMIT 100);
