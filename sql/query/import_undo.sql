-- Notes how many codes an import still has after a piece was taken back.
-- $1 job_id uuid
-- $2 accepted bigint
UPDATE imports SET accepted = $2::bigint WHERE job_id = $1::uuid;
