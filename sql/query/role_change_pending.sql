-- The change of this kind that waits for approval.
-- $1 kind text
-- $2 user_id uuid
-- $3 role_id uuid
-- -> role_change
SELECT c.id, c.kind, c.change, c.status, c.created_at, c.decided_at,
	u.id AS "user.id", u.first_name || ' ' || u.last_name AS "user.name",
	r.id AS "role.id", r.name AS "role.name",
	q.id AS "requested_by.id", q.first_name || ' ' || q.last_name AS "requested_by.name",
	NULL::uuid AS "decided_by.id", NULL::text AS "decided_by.name"
FROM role_changes c
JOIN users u ON u.id = c.user_id
JOIN roles r ON r.id = c.role_id
JOIN users q ON q.id = c.requested_by
WHERE c.kind = $1::text AND c.user_id = $2::uuid AND c.role_id = $3::uuid AND c.status = 'pending'
