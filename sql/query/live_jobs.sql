-- Jobs that are at work.
-- $1 limit bigint
-- -> job
SELECT * FROM job_rows WHERE status = 'running' ORDER BY id DESC LIMIT $1::bigint
