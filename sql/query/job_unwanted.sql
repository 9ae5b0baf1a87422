-- Which of these jobs are to be cancelled.
-- $1 ids uuid[]
-- -> id
SELECT w.job_id AS id FROM job_wishes w WHERE w.job_id = ANY ($1::uuid[]);
