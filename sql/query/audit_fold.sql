-- Counts what repeats within this minute, each key once.
-- $1 writer_id bigint
-- $2 key text[]
-- $3 id uuid[]
-- $4 actor_kind text[]
-- $5 actor_id uuid[]
-- $6 session_id uuid[]
-- $7 ip inet[]
-- $8 user_agent text[]
-- $9 action text[]
-- $10 permission text[]
-- $11 entity_kind text[]
-- $12 entity_id uuid[]
-- $13 outcome text[]
-- $14 error text[]
-- $15 count bigint[]
-- $16 request_id text[]
INSERT INTO audit_folds (minute, writer_id, key, id, actor_kind, actor_id, session_id, ip, user_agent,
	action, permission, entity_kind, entity_id, outcome, error, count, request_id)
SELECT date_trunc('minute', now()), $1::bigint, i.*
FROM unnest($2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::inet[], $8::text[],
	$9::text[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::text[], $15::bigint[],
	$16::text[])
	AS i (key, id, actor_kind, actor_id, session_id, ip, user_agent, action, permission,
		entity_kind, entity_id, outcome, error, count, request_id)
ORDER BY i.key
ON CONFLICT (minute, writer_id, key)
DO UPDATE SET count = audit_folds.count + excluded.count
