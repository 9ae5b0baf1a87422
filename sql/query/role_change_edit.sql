-- What is to become of a role waits for approval: what is null stays as it is. Where the very same waits
-- already, that goes on waiting. The caller holds the role's lock.
-- $1 id uuid
-- $2 role_id uuid
-- $3 requested_by uuid
-- $4 version bigint of the role that it is a change of
-- $5 name text
-- $6 description text
-- $7 rank bigint
-- $8 permissions text[]
-- -> id
WITH wish AS (
	SELECT jsonb_strip_nulls(jsonb_build_object('version', $4::bigint, 'name', $5::text,
		'description', $6::text, 'rank', $7::bigint, 'permissions', to_jsonb($8::text[])))
		AS change
), same AS (
	SELECT c.id FROM role_changes c JOIN wish w ON c.change = w.change
	WHERE c.kind = 'role_edit' AND c.role_id = $2::uuid AND c.requested_by = $3::uuid
		AND c.status = 'pending'
), made AS (
	INSERT INTO role_changes (id, kind, role_id, requested_by, change)
	SELECT $1::uuid, 'role_edit', $2::uuid, $3::uuid, w.change FROM wish w
	WHERE NOT EXISTS (SELECT FROM same)
	RETURNING id
)
SELECT id FROM same UNION ALL SELECT id FROM made LIMIT 1
