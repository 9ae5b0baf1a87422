-- Makes these and no others what is granted to a user and denied him; the caller holds his lock.
-- $1 id uuid
-- $2 grant text[]
-- $3 deny text[]
WITH gone AS (
	DELETE FROM user_permissions up USING permissions p
	WHERE p.id = up.permission_id AND up.user_id = $1::uuid
		AND p.key <> ALL ($2::text[] || $3::text[])
)
INSERT INTO user_permissions (user_id, permission_id, granted)
SELECT $1::uuid, p.id, p.key = ANY ($2::text[])
FROM permissions p
WHERE p.key = ANY ($2::text[] || $3::text[])
ON CONFLICT ON CONSTRAINT user_permissions_key DO UPDATE SET granted = excluded.granted
