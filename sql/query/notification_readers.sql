-- Who is told of something: a user, and who holds a permission; but not whoever did it.
-- $1 user_id uuid
-- $2 permission text
-- $3 but_id uuid
-- -> id
SELECT u.id
FROM users u
WHERE u.is_active AND u.id IS DISTINCT FROM $3::uuid
	AND (u.id = $1::uuid
		OR u.id IN (
			(SELECT ra.user_id FROM user_role_assignments ra
				JOIN role_permissions rp ON rp.role_id = ra.role_id
				JOIN permissions p ON p.id = rp.permission_id
				WHERE p.key = $2::text
			UNION
			SELECT up.user_id FROM user_permissions up
				JOIN permissions p ON p.id = up.permission_id
				WHERE p.key = $2::text AND up.granted)
			EXCEPT
			SELECT up.user_id FROM user_permissions up
				JOIN permissions p ON p.id = up.permission_id
				WHERE p.key = $2::text AND NOT up.granted))
ORDER BY u.id;
