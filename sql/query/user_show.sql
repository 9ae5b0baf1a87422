-- A user with his roles and everything that he may do.
-- $1 id uuid
-- -> user
SELECT u.id, u.first_name, u.last_name, u.email, u.phone_number, u.is_active, u.mfa_enabled,
	u.lockout_until, u.last_login_at, u.created_at, u.updated_at, u.version,
	ARRAY(SELECT r.id FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id ORDER BY r.rank DESC, r.id) AS "roles.id",
	ARRAY(SELECT r.name FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id ORDER BY r.rank DESC, r.id) AS "roles.name",
	u.permissions
FROM users_able u
WHERE u.id = $1::uuid AND u.deleted_at IS NULL
