-- What was done last, newest first: of what audit_search knows the newest rows, and of each writer
-- the newest that it does not know yet. The pieces of a change of many codes are told by the end of its job.
-- planned anew
-- $1 reads text[] operations that do nothing
-- $2 actor_id uuid null: by anybody
-- $3 depth bigint rows that are looked through
-- $4 limit bigint
-- -> audit_entry
WITH found AS (
	SELECT s.writer_id, s.seq, s.at
	FROM (
		SELECT * FROM audit_search WHERE $2::uuid IS NULL OR actor_id = $2::uuid
		ORDER BY at AT TIME ZONE 'UTC' DESC LIMIT $3::bigint) s
	WHERE s.outcome = 'allowed' AND s.action <> ALL ($1::text[])
		AND (s.action <> 'code.bulk' OR s.actor_id IS NOT NULL)
	UNION
	SELECT l.writer_id, l.seq, l.at
	FROM audit_writers w LEFT JOIN audit_search_positions p ON p.writer_id = w.id
	CROSS JOIN LATERAL (
		SELECT * FROM audit_log
		WHERE writer_id = w.id AND seq > coalesce(p.seq, 0)
		ORDER BY seq DESC LIMIT $3::bigint) l
	WHERE w.seq > coalesce(p.seq, 0) AND l.outcome = 'allowed' AND l.action <> ALL ($1::text[])
		AND (l.action <> 'code.bulk' OR l.actor_id IS NOT NULL)
		AND ($2::uuid IS NULL OR l.actor_id = $2::uuid)
), newest AS (
	SELECT * FROM found ORDER BY at DESC, writer_id, seq DESC LIMIT $4::bigint
)
SELECT l.id, l.at, l.actor_id AS "actor.id", u.first_name || ' ' || u.last_name AS "actor.name",
	l.actor_kind AS "actor.kind", l.session_id, host(l.ip) AS ip, l.user_agent, l.action,
	l.permission, l.entity_kind AS "entity.kind", l.entity_id AS "entity.id", l.outcome, l.error,
	l.changes, l.count, l.request_id, (extract(epoch FROM l.at) * 1000000)::bigint AS place
FROM newest n
JOIN audit_log l ON l.writer_id = n.writer_id AND l.seq = n.seq
LEFT JOIN users u ON u.id = l.actor_id
ORDER BY n.at DESC, n.writer_id, n.seq DESC;
