-- What a job that makes a file of a batch's codes has to know.
-- $1 id uuid
-- -> export_job
SELECT CASE WHEN jsonb_typeof(j.params -> 'status') = 'array'
		THEN ARRAY(SELECT jsonb_array_elements_text(j.params -> 'status')) END AS status,
	(j.params ->> 'redemptions')::boolean AS redemptions, (j.params ->> 'qr')::boolean AS qr
FROM jobs j WHERE j.id = $1::uuid;
