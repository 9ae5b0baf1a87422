-- Notes how far a job has come that changes codes, and what came of it so far.
-- $1 id uuid
-- $2 fence bigint
-- $3 after text
-- $4 changed bigint
-- $5 skipped bigint
UPDATE jobs SET params = params || jsonb_build_object('after', $3::text),
	result = jsonb_build_object('changed', $4::bigint, 'skipped', $5::bigint)
WHERE id = $1::uuid AND fence = $2::bigint;
