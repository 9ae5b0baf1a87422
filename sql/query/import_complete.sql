-- The codes of an import exist from now on.
-- $1 job_id uuid
UPDATE imports SET completed_at = now() WHERE job_id = $1::uuid;
