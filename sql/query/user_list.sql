-- A page of users in one of the orders of promo_op_user_list, by part of a name, e-mail or phone, by role, by activity.
-- planned anew
-- $1 q text
-- $2 role text
-- $3 is_active boolean
-- $4 sort text
-- $5 after_key text
-- $6 after uuid
-- $7 limit bigint
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
	AND ($6::uuid IS NULL OR CASE $4::text
		WHEN 'last_name' THEN (lower(u.last_name), u.id) > (lower($5::text), $6::uuid)
		WHEN '-last_name' THEN (lower(u.last_name), u.id) < (lower($5::text), $6::uuid)
		WHEN 'email' THEN (coalesce(u.email, ''), u.id) > ($5::text, $6::uuid)
		WHEN '-email' THEN (coalesce(u.email, ''), u.id) < ($5::text, $6::uuid)
		WHEN 'created_at' THEN u.id > $6::uuid
		ELSE u.id < $6::uuid END)
ORDER BY CASE $4::text WHEN 'last_name' THEN lower(u.last_name)
		WHEN 'email' THEN coalesce(u.email, '') END,
	CASE $4::text WHEN '-last_name' THEN lower(u.last_name)
		WHEN '-email' THEN coalesce(u.email, '') END DESC,
	CASE WHEN $4::text NOT LIKE '-%' THEN u.id END,
	u.id DESC
LIMIT $7::bigint
