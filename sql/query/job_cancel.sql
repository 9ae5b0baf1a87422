-- Ends a job on which nobody has worked, unless it takes away what a deleted batch leaves behind.
-- $1 id uuid
UPDATE jobs SET status = 'cancelled', finished_at = now()
WHERE id = $1::uuid AND status = 'queued'
	AND NOT coalesce((params ->> 'whole_batch')::boolean, false);
