-- A page of roles, the highest first.
-- $1 after_rank bigint
-- $2 after uuid
-- $3 limit bigint
-- -> role
SELECT r.id, r.name, r.description, r.rank::bigint AS rank, r.built_in, r.created_at, r.version,
	ARRAY(SELECT p.key FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id
		WHERE rp.role_id = r.id ORDER BY p.key) AS permissions
FROM roles r
WHERE $2::uuid IS NULL OR r.rank < $1::bigint OR (r.rank = $1::bigint AND r.id > $2::uuid)
ORDER BY r.rank DESC, r.id
LIMIT $3::bigint
