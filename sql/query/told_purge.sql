-- Forgets what was told of batches that ended long ago.
-- $1 days bigint
DELETE FROM told WHERE event = 'batch.expiring'
	AND at < now() - make_interval(days => $1::bigint::integer);
