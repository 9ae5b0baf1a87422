-- Takes away notifications of long ago.
-- $1 days bigint
DELETE FROM notifications
WHERE created_at < now() - make_interval(days => $1::bigint::integer);
