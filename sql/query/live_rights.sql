-- Whose rights a change concerned: of a user, or of a role and whoever holds it.
-- $1 entity_kind text user, role or role_change
-- $2 entity_id uuid
-- -> permissions_changed
WITH about AS (
	SELECT CASE WHEN $1::text = 'user' THEN $2::uuid ELSE c.user_id END AS user_id,
		CASE WHEN $1::text = 'role' THEN $2::uuid ELSE c.role_id END AS role_id
	FROM (SELECT 1) one
	LEFT JOIN role_changes c ON $1::text = 'role_change' AND c.id = $2::uuid
)
SELECT u.id AS "user.id", u.first_name || ' ' || u.last_name AS "user.name",
	r.id AS "role.id", coalesce(r.name, '') AS "role.name",
	CASE WHEN a.user_id IS NOT NULL THEN ARRAY[a.user_id::text]
		ELSE ARRAY(SELECT ra.user_id::text FROM user_role_assignments ra
			WHERE ra.role_id = a.role_id) END AS concerned
FROM about a
LEFT JOIN users u ON u.id = a.user_id
LEFT JOIN roles r ON r.id = a.role_id
