-- The job that made a code, by its serial.
-- $1 batch_id uuid
-- $2 serial bigint
-- -> job
SELECT r.* FROM job_rows r JOIN jobs j ON j.id = r.id
WHERE j.batch_id = $1::uuid AND j.kind IN ('generate', 'import') AND j.status = 'succeeded'
	AND coalesce((j.params ->> 'first_serial')::bigint, 1) <= $2::bigint
ORDER BY coalesce((j.params ->> 'first_serial')::bigint, 1) DESC, j.id DESC
LIMIT 1;
