-- The turn of a job that was put off comes now: there is a wish to cancel it.
-- $1 id uuid
UPDATE jobs SET run_after = now() WHERE id = $1::uuid AND status = 'running' AND run_after > now();
