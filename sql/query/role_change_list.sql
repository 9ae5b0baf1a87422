-- A page of changes of rights, newest first.
-- planned anew
-- $1 status text[]
-- $2 before uuid
-- $3 limit bigint
-- -> role_change
SELECT c.id, c.kind, c.change, c.status, c.created_at, c.decided_at,
	u.id AS "user.id", u.first_name || ' ' || u.last_name AS "user.name",
	r.id AS "role.id", r.name AS "role.name",
	q.id AS "requested_by.id", q.first_name || ' ' || q.last_name AS "requested_by.name",
	d.id AS "decided_by.id", d.first_name || ' ' || d.last_name AS "decided_by.name"
FROM role_changes c
LEFT JOIN users u ON u.id = c.user_id
LEFT JOIN roles r ON r.id = c.role_id
JOIN users q ON q.id = c.requested_by
LEFT JOIN users d ON d.id = c.decided_by
WHERE ($1::text[] IS NULL OR c.status = ANY ($1::text[])) AND ($2::uuid IS NULL OR c.id < $2::uuid)
ORDER BY c.id DESC
LIMIT $3::bigint
