-- The next rows of a writer, in the order given: its sequence has no gaps, since it is raised with the
-- rows that take it. A row that belongs to a redemption is written only if that redemption is there.
-- Without a writer that may write there is no number, which is an error (audit_log_seq_check) and not
-- a row that nobody misses.
-- $1 writer_id bigint
-- $2 id uuid[]
-- $3 actor_kind text[]
-- $4 actor_id uuid[]
-- $5 session_id uuid[]
-- $6 ip inet[]
-- $7 user_agent text[]
-- $8 action text[]
-- $9 permission text[]
-- $10 entity_kind text[]
-- $11 entity_id uuid[]
-- $12 outcome text[]
-- $13 error text[]
-- $14 changes jsonb[]
-- $15 phone_hash text[]
-- $16 count bigint[]
-- $17 request_id text[]
-- $18 if_redemption uuid[]
WITH given AS (
	SELECT row_number() OVER (ORDER BY i.ord) AS place, i.*
	FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::inet[], $7::text[],
		$8::text[], $9::text[], $10::text[], $11::uuid[], $12::text[], $13::text[],
		$14::jsonb[], $15::text[], $16::bigint[], $17::text[], $18::uuid[])
		WITH ORDINALITY AS i (id, actor_kind, actor_id, session_id, ip, user_agent, action,
			permission, entity_kind, entity_id, outcome, error, changes, phone_hash, count,
			request_id, if_redemption, ord)
	WHERE i.if_redemption IS NULL
		OR (SELECT true FROM redemptions r WHERE r.id = i.if_redemption LIMIT 1)
), writer AS (
	UPDATE audit_writers SET seq = seq + (SELECT count(*) FROM given), last_at = now()
	WHERE id = $1::bigint AND closed_at IS NULL
	RETURNING seq - (SELECT count(*) FROM given) AS before
)
INSERT INTO audit_log (writer_id, seq, id, actor_kind, actor_id, session_id, ip, user_agent, action,
	permission, entity_kind, entity_id, outcome, error, changes, phone_hash, count, request_id)
SELECT $1::bigint, coalesce((SELECT before FROM writer) + g.place, 0), g.id, g.actor_kind,
	g.actor_id, g.session_id, g.ip, g.user_agent, g.action, g.permission, g.entity_kind, g.entity_id,
	g.outcome, g.error, coalesce(g.changes -> 'changes', '[]'), g.phone_hash, g.count, g.request_id
FROM given g
