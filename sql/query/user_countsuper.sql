-- The super-admins beside a user that can act: active, and nothing is denied them.
-- $1 but uuid
-- -> count
SELECT count(*) AS count
FROM users u
JOIN user_role_assignments ra ON ra.user_id = u.id
JOIN roles r ON r.id = ra.role_id
WHERE r.name = 'super-admin' AND u.is_active AND u.id <> $1::uuid
	AND NOT EXISTS (SELECT FROM user_permissions up WHERE up.user_id = u.id AND NOT up.granted)
