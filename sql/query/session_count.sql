-- How many sessions session_list has in all.
-- $1 user_id uuid
-- $2 idle_seconds bigint
-- $3 absolute_seconds bigint
-- -> count
SELECT count(*) AS count
FROM sessions
WHERE user_id = $1::uuid AND expires_at > now()
	AND (remember OR (last_seen_at > now() - $2::bigint * interval '1 second'
		AND created_at > now() - $3::bigint * interval '1 second'))
