-- One registration.
-- $1 id uuid
-- -> registration
SELECT r.id, r.first_name, r.last_name, r.email, r.phone_number, r.status, r.created_at, r.decided_at,
	u.id AS "decided_by.id", u.first_name || ' ' || u.last_name AS "decided_by.name"
FROM registrations r LEFT JOIN users u ON u.id = r.decided_by
WHERE r.id = $1::uuid
