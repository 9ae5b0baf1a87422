-- How many seconds the job that waits longest could have run.
-- -> columns
SELECT coalesce(round(extract(epoch FROM now() - min(greatest(created_at, run_after))), 3), 0)
FROM jobs WHERE status = 'queued' AND run_after <= now();
