-- Queues a job that changes codes.
-- $1 id uuid
-- $2 batch_id uuid
-- $3 total bigint
-- $4 created_by uuid
-- $5 action text
-- $6 status text[]
-- $7 part text as LIKE takes it
-- $8 created_after timestamptz
-- $9 created_before timestamptz
-- $10 whole_batch boolean of a batch that was deleted: all of its codes
-- $11 zone text
INSERT INTO jobs (id, kind, batch_id, total, created_by, params)
VALUES ($1::uuid, 'bulk', $2::uuid, $3::bigint, $4::uuid, jsonb_build_object(
	'action', $5::text, 'status', to_jsonb($6::text[]), 'part', $7::text,
	'created_after', $8::timestamptz, 'created_before', coalesce($9::timestamptz, now()),
	'whole_batch', $10::boolean, 'time_zone', $11::text,
	-- What a top-up adds from now on is not meant: codes that are made from now on, and those
	-- that are there and not ready, in batches that somebody is at work on.
	'last', coalesce((SELECT b.ready_codes FROM batches b WHERE b.id = $2::uuid), 0),
	'growing', (SELECT jsonb_object_agg(b.id, b.ready_codes) FROM jobs j JOIN batches b ON b.id = j.batch_id
		WHERE $2::uuid IS NULL AND j.kind IN ('generate', 'import')
			AND j.status IN ('queued', 'running'))));
