-- The next row of a writer: its sequence has no gaps, since it is raised with the row that takes it.
-- $1 writer_id bigint
-- $2 id uuid
-- $3 actor_kind text
-- $4 actor_id uuid
-- $5 session_id uuid
-- $6 ip inet
-- $7 user_agent text
-- $8 action text
-- $9 permission text
-- $10 entity_kind text
-- $11 entity_id uuid
-- $12 outcome text
-- $13 error text
-- $14 changes jsonb
-- $15 phone_hash text
-- $16 request_id text
WITH writer AS (
	UPDATE audit_writers SET seq = seq + 1 WHERE id = $1::bigint RETURNING id, seq
)
INSERT INTO audit_log (writer_id, seq, id, actor_kind, actor_id, session_id, ip, user_agent, action,
	permission, entity_kind, entity_id, outcome, error, changes, phone_hash, request_id)
SELECT id, seq, $2::uuid, $3::text, $4::uuid, $5::uuid, $6::inet, $7::text, $8::text, $9::text,
	$10::text, $11::uuid, $12::text, $13::text, coalesce($14::jsonb -> 'changes', '[]'),
	$15::text, $16::text
FROM writer
