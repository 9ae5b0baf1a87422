-- Locks the job for one piece of work and says where it stands; nothing where the fence has risen.
-- While the lock is held, nobody can claim the job, however long the piece takes.
-- $1 id uuid
-- $2 fence bigint
-- -> job_stand
SELECT j.done, j.total,
	EXISTS (SELECT FROM job_wishes w WHERE w.job_id = j.id) AS cancel_requested, j.error_code
FROM jobs j
WHERE j.id = $1::uuid AND j.fence = $2::bigint AND j.status = 'running'
FOR NO KEY UPDATE;
