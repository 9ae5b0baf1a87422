-- How many codes the committed chunks of a job hold.
-- $1 id uuid
-- -> total
SELECT coalesce(sum(count), 0)::bigint AS total FROM job_chunks WHERE job_id = $1::uuid;
