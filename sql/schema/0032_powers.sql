-- What a user may do, said once. It is held by his roles or granted to him, and not denied him.
CREATE VIEW held_permissions AS
SELECT ra.user_id, p.key
FROM user_role_assignments ra
JOIN role_permissions rp ON rp.role_id = ra.role_id
JOIN permissions p ON p.id = rp.permission_id
WHERE NOT EXISTS (SELECT FROM user_permissions up
	WHERE up.user_id = ra.user_id AND up.permission_id = rp.permission_id AND NOT up.granted)
UNION
SELECT up.user_id, p.key
FROM user_permissions up
JOIN permissions p ON p.id = up.permission_id
WHERE up.granted;

-- Users with what follows from their roles. A column that a statement leaves out costs it nothing.
CREATE VIEW users_able AS
SELECT u.id, u.first_name, u.last_name, u.email, u.phone_number, u.is_active, u.mfa_enabled,
	u.lockout_until, u.last_login_at, u.created_at, u.updated_at, u.version, u.deleted_at,
	coalesce((SELECT max(r.rank) FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id), 0)::bigint AS rank,
	EXISTS (SELECT FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id AND r.name = 'super-admin') AS super_admin,
	ARRAY(SELECT h.key FROM held_permissions h WHERE h.user_id = u.id ORDER BY h.key)
		AS permissions
FROM users u;

GRANT SELECT ON held_permissions, users_able TO promo_app;
