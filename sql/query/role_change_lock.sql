-- Locks a change of rights that is to be decided.
-- $1 id uuid
-- -> asked_change
SELECT id, kind, status, user_id, role_id, requested_by,
	coalesce((change ->> 'at_creation')::boolean, false) AS at_creation,
	ARRAY(SELECT jsonb_array_elements_text(change -> 'grant')) AS "grant",
	ARRAY(SELECT jsonb_array_elements_text(change -> 'deny')) AS deny,
	ARRAY(SELECT jsonb_array_elements_text(change -> 'was' -> 'grant')) AS was_grant,
	ARRAY(SELECT jsonb_array_elements_text(change -> 'was' -> 'deny')) AS was_deny,
	(change ->> 'version')::bigint AS version, change ->> 'name' AS name,
	change ->> 'description' AS description, (change ->> 'rank')::bigint AS rank,
	change ? 'permissions' AS sets_permissions,
	ARRAY(SELECT jsonb_array_elements_text(change -> 'permissions')) AS permissions
FROM role_changes
WHERE id = $1::uuid
FOR UPDATE
