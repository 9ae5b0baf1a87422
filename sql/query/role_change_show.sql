-- A change of rights.
-- $1 id uuid
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
WHERE c.id = $1::uuid
