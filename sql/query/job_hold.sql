-- Locks the job for one piece of work and says where it stands; nothing where the fence has risen.
-- While the lock is held, nobody can claim the job, however long the piece takes; who it is that holds it
-- is said by the name of the connection until the transaction ends (job_stuck.sql).
-- $1 id uuid
-- $2 fence bigint
-- -> job_stand
SELECT h.done, h.total, h.cancel_requested, h.error_code,
	(SELECT maintenance FROM auth_state WHERE id = 1) AS maintenance
FROM (SELECT j.done, j.total,
		EXISTS (SELECT FROM job_wishes w WHERE w.job_id = j.id) AS cancel_requested, j.error_code
	FROM jobs j
	WHERE j.id = $1::uuid AND j.fence = $2::bigint AND j.status = 'running'
	FOR NO KEY UPDATE) h
WHERE set_config('application_name', 'job ' || $1::uuid, true) IS NOT NULL;
