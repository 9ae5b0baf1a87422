-- One part of a file of a job, in hex.
-- $1 job_id uuid
-- $2 name text
-- $3 part integer
-- -> columns
SELECT encode(bytes, 'hex') AS bytes
FROM job_files WHERE job_id = $1::uuid AND name = $2::text AND part = $3::integer;
