-- What is granted to a user and denied him, beside his roles.
-- $1 id uuid
-- -> user_permissions
SELECT u.id,
	ARRAY(SELECT p.key FROM user_permissions up JOIN permissions p ON p.id = up.permission_id
		WHERE up.user_id = u.id AND up.granted ORDER BY p.key) AS "grant",
	ARRAY(SELECT p.key FROM user_permissions up JOIN permissions p ON p.id = up.permission_id
		WHERE up.user_id = u.id AND NOT up.granted ORDER BY p.key) AS deny,
	u.version
FROM users u
WHERE u.id = $1::uuid AND u.deleted_at IS NULL
