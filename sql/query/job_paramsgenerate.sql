-- What a job that generates codes has to know of itself and of its batch.
-- $1 id uuid
-- -> generate
SELECT (j.params ->> 'first_serial')::bigint AS first_serial, j.total,
	(j.params ->> 'made_batch')::boolean AS made_batch,
	coalesce((j.params ->> 'revives')::boolean, true) AS revives,
	j.params ->> 'key' AS key, coalesce((j.params ->> 'run')::bigint, 0) AS run, b.amount_per_code, b.code_format,
	(now() AT TIME ZONE (j.params ->> 'time_zone'))::date AS day
FROM jobs j JOIN batches b ON b.id = j.batch_id
WHERE j.id = $1::uuid;
