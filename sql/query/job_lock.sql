-- Locks a job to decide about its end, unless somebody works on it just now.
-- $1 id uuid
-- -> job_state
SELECT id, kind, status, batch_id FROM jobs WHERE id = $1::uuid FOR NO KEY UPDATE SKIP LOCKED;
