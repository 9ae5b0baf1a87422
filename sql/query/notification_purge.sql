-- Takes away some of the notifications that were read long ago, or that nobody read for longer.
-- $1 read_days bigint
-- $2 unread_days bigint
DELETE FROM notifications WHERE id IN (
	SELECT id FROM notifications
	WHERE read_at < now() - make_interval(days => $1::bigint::integer)
		OR read_at IS NULL AND created_at < now() - make_interval(days => $2::bigint::integer)
	LIMIT 10000);
