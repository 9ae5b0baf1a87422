-- Counts what repeats within this minute, each key once.
-- $1 writer_id bigint
-- $2 key text[]
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
-- $14 count bigint[]
-- $15 request_id text[]
INSERT INTO audit_folds (minute, writer_id, key, actor_kind, actor_id, session_id, ip, user_agent,
	action, permission, entity_kind, entity_id, outcome, error, count, request_id)
SELECT date_trunc('minute', now()), $1::bigint, i.*
FROM unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::inet[], $7::text[], $8::text[],
	$9::text[], $10::text[], $11::uuid[], $12::text[], $13::text[], $14::bigint[], $15::text[])
	AS i (key, actor_kind, actor_id, session_id, ip, user_agent, action, permission, entity_kind,
		entity_id, outcome, error, count, request_id)
ORDER BY i.key
ON CONFLICT (minute, writer_id, key)
DO UPDATE SET count = audit_folds.count + excluded.count, last_at = now()
