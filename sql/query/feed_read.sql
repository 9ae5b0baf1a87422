-- Rows of the audit trail by their places, in the order of time, and of each writer in its own.
-- $1 writer_id bigint[]
-- $2 after bigint[]
-- $3 to bigint[]
-- $4 action text[] null: all
-- -> feed_row
SELECT l.writer_id, l.seq, l.id, l.at, l.actor_kind, l.actor_id, u.name AS actor_name, l.session_id,
	l.action, l.entity_kind, l.entity_id, l.outcome, l.error, l.changes, l.phone_hash, l.count
FROM (
	SELECT r.*, max(r.at) OVER (PARTITION BY r.writer_id ORDER BY r.seq) AS place
	FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS i (writer_id, after, upto)
	CROSS JOIN LATERAL (
		SELECT * FROM audit_log
		WHERE writer_id = i.writer_id AND seq > i.after AND seq <= i.upto OFFSET 0) r) l
LEFT JOIN LATERAL (
	SELECT first_name || ' ' || last_name AS name FROM users WHERE id = l.actor_id LIMIT 1) u ON true
WHERE $4::text[] IS NULL OR l.action = ANY ($4::text[])
ORDER BY l.place, l.writer_id, l.seq
