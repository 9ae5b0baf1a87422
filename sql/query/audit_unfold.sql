-- Moves at most so many counts of minutes that are over into the trail, one row for all that is equal
-- within a minute, with the id and the time of the first of them.
-- $1 writer_id bigint
-- $2 limit bigint
-- $3 all boolean
WITH due AS (
	SELECT f.minute, f.writer_id, f.key FROM audit_folds f
	WHERE $3::boolean OR f.minute < date_trunc('minute', now())
	ORDER BY f.minute, f.writer_id, f.key
	LIMIT $2::bigint
	FOR UPDATE
), taken AS (
	DELETE FROM audit_folds f USING due d
	WHERE f.minute = d.minute AND f.writer_id = d.writer_id AND f.key = d.key
	RETURNING f.*
), folded AS (
	SELECT row_number() OVER (ORDER BY min(t.at)) AS place,
		(array_agg(t.id ORDER BY t.at))[1] AS id, min(t.at) AS at, t.actor_kind,
		t.actor_id, t.session_id, t.ip,
		(array_agg(t.user_agent ORDER BY t.at))[1] AS user_agent, t.action, t.permission,
		t.entity_kind, t.entity_id, t.outcome, t.error, sum(t.count)::bigint AS count,
		(array_agg(t.request_id ORDER BY t.at))[1] AS request_id
	FROM taken t
	GROUP BY t.minute, t.key, t.actor_kind, t.actor_id, t.session_id, t.ip, t.action, t.permission,
		t.entity_kind, t.entity_id, t.outcome, t.error
), writer AS (
	UPDATE audit_writers SET seq = seq + (SELECT count(*) FROM folded), last_at = now()
	WHERE id = $1::bigint AND closed_at IS NULL
	RETURNING seq - (SELECT count(*) FROM folded) AS before
)
INSERT INTO audit_log (writer_id, seq, id, at, actor_kind, actor_id, session_id, ip, user_agent, action,
	permission, entity_kind, entity_id, outcome, error, count, request_id)
SELECT $1::bigint, coalesce((SELECT before FROM writer) + f.place, 0), f.id, f.at, f.actor_kind,
	f.actor_id, f.session_id, f.ip, f.user_agent, f.action, f.permission, f.entity_kind,
	f.entity_id, f.outcome, f.error, f.count, f.request_id
FROM folded f
