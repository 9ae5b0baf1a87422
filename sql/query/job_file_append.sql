-- Appends a part to a file of a job.
-- $1 job_id uuid
-- $2 name text
-- $3 part integer
-- $4 bytes bytea
INSERT INTO job_files (job_id, name, part, bytes)
VALUES ($1::uuid, $2::text, $3::integer, $4::bytea);
