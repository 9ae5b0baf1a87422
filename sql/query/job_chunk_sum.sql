-- How many codes the committed chunks of a job hold.
-- $1 id uuid
-- -> count
SELECT coalesce(sum(count), 0)::bigint AS count FROM job_chunks WHERE job_id = $1::uuid;
