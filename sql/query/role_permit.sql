-- Makes these and no others the permissions of a role; the caller holds its lock.
-- $1 role_id uuid
-- $2 permissions text[]
WITH gone AS (
	DELETE FROM role_permissions rp USING permissions p
	WHERE p.id = rp.permission_id AND rp.role_id = $1::uuid AND p.key <> ALL ($2::text[])
)
INSERT INTO role_permissions (role_id, permission_id)
SELECT $1::uuid, p.id FROM permissions p WHERE p.key = ANY ($2::text[])
ON CONFLICT ON CONSTRAINT role_permissions_key DO NOTHING
