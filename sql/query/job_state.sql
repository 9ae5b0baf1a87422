-- What became of a job.
-- $1 id uuid
-- -> job_state
SELECT id, kind, status, batch_id FROM jobs WHERE id = $1::uuid;
