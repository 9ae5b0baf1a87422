-- How many users user_list has in all.
-- planned anew
-- $1 pattern text
-- $2 role text
-- $3 is_active boolean
-- -> count
SELECT count(*) AS count
FROM users u
WHERE ($1::text IS NULL OR u.first_name || ' ' || u.last_name ILIKE $1::text ESCAPE '\'
		OR u.email ILIKE $1::text ESCAPE '\' OR u.phone_number LIKE $1::text ESCAPE '\')
	AND ($2::text IS NULL OR EXISTS (
		SELECT FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id AND (r.name = $2::text OR r.id::text = lower($2::text))))
	AND ($3::boolean IS NULL OR u.is_active = $3::boolean)
