-- Deletes a role that nobody has; nothing refers to it any more.
-- $1 id uuid
WITH permitted AS (
	DELETE FROM role_permissions WHERE role_id = $1::uuid
)
DELETE FROM roles WHERE id = $1::uuid
