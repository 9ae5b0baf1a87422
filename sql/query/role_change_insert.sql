-- A change of a user's roles that waits for approval; none where the same one waits already.
-- $1 id uuid
-- $2 kind text
-- $3 user_id uuid
-- $4 role_id uuid
-- $5 requested_by uuid
-- $6 at_creation boolean
INSERT INTO role_changes (id, kind, user_id, role_id, requested_by, change)
VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::uuid,
	CASE WHEN $6::boolean THEN '{"at_creation": true}'::jsonb ELSE '{}'::jsonb END)
ON CONFLICT (kind, user_id, role_id) WHERE status = 'pending' AND kind IN ('assign', 'revoke')
DO NOTHING
