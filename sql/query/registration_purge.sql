-- Takes away registrations of long ago: personal data that nobody needs any more.
-- $1 days bigint
DELETE FROM registrations WHERE created_at < now() - $1::bigint * interval '1 day'
