-- How many users user_list has in all.
-- planned anew
-- $1 q text
-- $2 role text
-- $3 is_active boolean
-- -> count
SELECT count(*) AS count
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
