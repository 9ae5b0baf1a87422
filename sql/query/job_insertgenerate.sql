-- Queues a job that generates the codes of a batch. made_batch: the batch goes with the job if it
-- does not come to its end.
-- $1 id uuid
-- $2 batch_id uuid
-- $3 total bigint
-- $4 created_by uuid
-- $5 first_serial bigint
-- $6 made_batch boolean
-- $7 zone text
-- $8 revives boolean the batch is in the archive because every code of it was redeemed
-- $9 key text what the order of its serials follows from
-- $10 run bigint codes that are drawn at once
INSERT INTO jobs (id, kind, batch_id, total, created_by, params)
VALUES ($1::uuid, 'generate', $2::uuid, $3::bigint, $4::uuid, jsonb_build_object(
	'first_serial', $5::bigint, 'made_batch', $6::boolean, 'time_zone', $7::text,
	'revives', $8::boolean, 'key', $9::text, 'run', $10::bigint));
