-- Ends a job on which nobody has worked.
-- $1 id uuid
UPDATE jobs SET status = 'cancelled', finished_at = now()
WHERE id = $1::uuid AND status = 'queued';
