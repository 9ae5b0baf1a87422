-- Asks the worker of a job to take back what it did.
-- $1 id uuid
UPDATE jobs SET cancel_requested = true WHERE id = $1::uuid AND status = 'running';
