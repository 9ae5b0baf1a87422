-- Who is told of something: a user, and who holds a permission; but not whoever did it.
-- $1 user_id uuid
-- $2 permission text
-- $3 but_id uuid
-- -> id
SELECT u.id
FROM users u
WHERE u.is_active AND u.id IS DISTINCT FROM $3::uuid
	AND (u.id = $1::uuid
		OR u.id IN (SELECT h.user_id FROM held_permissions h WHERE h.key = $2::text))
ORDER BY u.id;
