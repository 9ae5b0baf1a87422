-- A user to be changed (user_lock has locked him), with what the rules of rank and power ask.
-- $1 id uuid
-- -> managed_user
SELECT u.id, u.first_name, u.last_name, u.email, u.phone_number, u.is_active, u.version,
	coalesce((SELECT max(r.rank) FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id), 0)::bigint AS rank,
	EXISTS (SELECT FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id AND r.name = 'super-admin') AS super_admin,
	ARRAY(
		(SELECT p.key FROM user_role_assignments ra
			JOIN role_permissions rp ON rp.role_id = ra.role_id
			JOIN permissions p ON p.id = rp.permission_id
			WHERE ra.user_id = u.id
		UNION
		SELECT p.key FROM user_permissions up JOIN permissions p ON p.id = up.permission_id
			WHERE up.user_id = u.id AND up.granted)
		EXCEPT
		SELECT p.key FROM user_permissions up JOIN permissions p ON p.id = up.permission_id
			WHERE up.user_id = u.id AND NOT up.granted
	) AS permissions
FROM users u
WHERE u.id = $1::uuid AND u.deleted_at IS NULL
