-- How many parts and bytes of a file of a job there are so far.
-- $1 job_id uuid
-- $2 name text
-- -> job_file_end
SELECT count(*) AS parts, coalesce(sum(octet_length(bytes)), 0)::bigint AS bytes
FROM job_files WHERE job_id = $1::uuid AND name = $2::text;
