-- Takes away letters that were sent or given up long ago.
-- $1 days bigint
DELETE FROM outbox
WHERE status <> 'waiting' AND created_at < now() - make_interval(days => $1::bigint::integer);
