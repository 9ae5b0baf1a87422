-- Notes what came of a job that generated codes.
-- $1 id uuid
-- $2 fence bigint
UPDATE jobs SET result = jsonb_build_object('generated', done)
WHERE id = $1::uuid AND fence = $2::bigint;
