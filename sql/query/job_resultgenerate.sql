-- Notes what came of a job that generated codes, and forgets what the order of its serials followed from.
-- $1 id uuid
-- $2 fence bigint
UPDATE jobs SET result = jsonb_build_object('generated', done), params = params - 'key'
WHERE id = $1::uuid AND fence = $2::bigint;
