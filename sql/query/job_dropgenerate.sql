-- Takes away the batch that was made for a job which never began.
-- $1 job_id uuid
DELETE FROM batches b USING jobs j
WHERE j.id = $1::uuid AND (j.params ->> 'made_batch')::boolean AND b.id = j.batch_id
	AND b.ready_codes = 0;
