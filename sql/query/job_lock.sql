-- Locks a job, to decide about its end.
-- $1 id uuid
-- -> job_state
SELECT id, status, batch_id, cancel_requested, (params ->> 'made_batch')::boolean AS made_batch, done
FROM jobs WHERE id = $1::uuid FOR UPDATE;
