-- Queues a job that imports codes into a batch; total is what its file looks like.
-- $1 id uuid
-- $2 batch_id uuid
-- $3 total bigint
-- $4 created_by uuid
-- $5 most bigint how many codes it may bring
INSERT INTO jobs (id, kind, batch_id, total, created_by, params)
VALUES ($1::uuid, 'import', $2::uuid, $3::bigint, $4::uuid, jsonb_build_object('most', $5::bigint));
