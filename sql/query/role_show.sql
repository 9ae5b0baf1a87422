-- A role by its name or its id.
-- $1 role text
-- -> role
SELECT r.id, r.name, r.description, r.rank::bigint AS rank, r.built_in, r.created_at, r.version,
	ARRAY(SELECT p.key FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id
		WHERE rp.role_id = r.id ORDER BY p.key) AS permissions
FROM roles r
WHERE r.name = $1::text OR r.id::text = lower($1::text)
