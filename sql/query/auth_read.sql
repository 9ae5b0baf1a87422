-- What is known of the bearer of a session token or of an API key, with the state that every request
-- reads first. One row always: without such a session or key its part is null.
-- $1 token_hash bytea
-- $2 key_hash bytea
-- -> auth_facts
SELECT a.epoch, a.settings_version, a.maintenance, now() AS at,
	s.id AS session_id, k.id AS api_key_id, u.id AS user_id,
	u.first_name || ' ' || u.last_name AS name,
	coalesce(u.is_active, false) AS is_active, coalesce(s.remember, false) AS remember,
	coalesce(s.created_at, k.created_at) AS created_at,
	coalesce(s.last_seen_at, k.last_used_at) AS last_seen_at,
	coalesce(s.expires_at, k.expires_at) AS expires_at,
	coalesce(k.permissions, '{}') AS key_permissions,
	ARRAY(SELECT abbrev(ip) FROM unnest(k.allowed_ips) ip) AS allowed_ips,
	coalesce(u.mfa_enabled, false) AS mfa_enabled,
	coalesce(u.rank, 0) AS rank, coalesce(u.super_admin, false) AS super_admin,
	ARRAY(SELECT r.name FROM user_role_assignments ra JOIN roles r ON r.id = ra.role_id
		WHERE ra.user_id = u.id) AS roles,
	coalesce(u.permissions, '{}') AS permissions
FROM auth_state a
LEFT JOIN sessions s ON s.token_hash = $1::bytea
LEFT JOIN api_keys k ON k.key_hash = $2::bytea
LEFT JOIN users_able u ON u.id = coalesce(s.user_id, k.user_id)
WHERE a.id = 1
