-- A page of users, newest first, by part of a name, e-mail or phone, by role, by activity.
-- planned anew
-- $1 q text
-- $2 role text
-- $3 is_active boolean
-- $4 after uuid
-- $5 limit bigint
-- -> user
SELECT u.id, u.first_name, u.last_name, u.email, u.phone_number, u.is_active, u.mfa_enabled,
	u.lockout_until, u.last_login_at, u.created_at, u.updated_at, u.version,
	ARRAY(SELECT r.id FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id ORDER BY r.rank DESC, r.id) AS "roles.id",
	ARRAY(SELECT r.name FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id ORDER BY r.rank DESC, r.id) AS "roles.name"
FROM users u
WHERE u.deleted_at IS NULL
	AND ($1::text IS NULL
		OR strpos(lower(u.first_name || ' ' || u.last_name), lower($1::text)) > 0
		OR strpos(u.email, lower($1::text)) > 0
		OR strpos(u.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0)
	AND ($2::text IS NULL OR EXISTS (
		SELECT FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id AND (r.name = $2::text OR r.id::text = lower($2::text))))
	AND ($3::boolean IS NULL OR u.is_active = $3::boolean)
	AND ($4::uuid IS NULL OR u.id < $4::uuid)
ORDER BY u.id DESC
LIMIT $5::bigint
