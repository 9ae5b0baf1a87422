-- Forgets what no longer counts: failures of long ago, and addresses that nobody signs in from.
-- $1 rest_s bigint
-- $2 known_days bigint
DELETE FROM throttles
WHERE kind = 'signin'
	AND coalesce(since, '-infinity') < now() - $1::bigint * interval '1 second'
	AND coalesce(blocked_until, '-infinity') < now()
	AND coalesce(succeeded_at, '-infinity') < now() - $2::bigint * interval '1 day'
