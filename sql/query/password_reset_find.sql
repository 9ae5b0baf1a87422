-- Whose password may be set with a token.
-- $1 token_hash bytea
-- -> id
SELECT u.id
FROM password_resets p JOIN users u ON u.id = p.user_id
WHERE p.token_hash = $1::bytea AND p.used_at IS NULL AND p.expires_at > now() AND u.is_active
