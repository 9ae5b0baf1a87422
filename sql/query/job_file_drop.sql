-- Takes a file of a job away, or all of them.
-- $1 job_id uuid
-- $2 name text
DELETE FROM job_files WHERE job_id = $1::uuid AND ($2::text IS NULL OR name = $2::text);
