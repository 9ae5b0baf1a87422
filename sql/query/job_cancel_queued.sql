-- Ends a job on which nobody works.
-- $1 id uuid
UPDATE jobs SET status = 'cancelled', cancel_requested = true, finished_at = now()
WHERE id = $1::uuid AND status = 'queued';
