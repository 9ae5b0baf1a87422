-- How many bytes a file of a job has; none: it has no such file.
-- $1 job_id uuid
-- $2 name text
-- -> count
SELECT coalesce(sum(octet_length(bytes)), 0)::bigint AS count
FROM job_files WHERE job_id = $1::uuid AND name = $2::text;
