-- Locks a job, to decide about its end.
-- $1 id uuid
-- -> job_state
SELECT id, status, batch_id, coalesce((params ->> 'made_batch')::boolean, false) AS made_batch
FROM jobs WHERE id = $1::uuid FOR UPDATE;
