-- What a job that changes codes has to do, and how far it has come.
-- $1 id uuid
-- -> job_bulk
SELECT params ->> 'action' AS action,
	CASE WHEN jsonb_typeof(params -> 'status') = 'array'
		THEN ARRAY(SELECT jsonb_array_elements_text(params -> 'status')) END AS status,
	params ->> 'part' AS part,
	(params ->> 'created_after')::timestamptz AS created_after,
	(params ->> 'created_before')::timestamptz AS created_before,
	(params ->> 'whole_batch')::boolean AS whole_batch, params ->> 'time_zone' AS time_zone,
	(params ->> 'last')::bigint AS last, params ->> 'growing' AS growing, params ->> 'after' AS after,
	coalesce((result ->> 'changed')::bigint, 0) AS changed,
	(SELECT coalesce(max(c.chunk) + 1, 0) FROM job_chunks c WHERE c.job_id = $1::uuid) AS chunk
FROM jobs WHERE id = $1::uuid;
