-- A page of registrations, newest first.
-- planned anew
-- $1 status text
-- $2 before uuid
-- $3 limit bigint
-- -> registration
SELECT r.id, r.first_name, r.last_name, r.email, r.phone_number, r.status, r.created_at, r.decided_at,
	u.id AS "decided_by.id", u.first_name || ' ' || u.last_name AS "decided_by.name"
FROM registrations r LEFT JOIN users u ON u.id = r.decided_by
WHERE ($1::text IS NULL OR r.status = $1::text) AND ($2::uuid IS NULL OR r.id < $2::uuid)
ORDER BY r.id DESC
LIMIT $3::bigint
