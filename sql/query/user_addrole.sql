-- Gives a user a role; no row where he has it. Whoever made a token to set his password managed a user of
-- less: it is none any more.
-- $1 user_id uuid
-- $2 role_id uuid
WITH tokens AS (
	DELETE FROM password_resets WHERE user_id = $1::uuid
)
INSERT INTO user_role_assignments (user_id, role_id)
VALUES ($1::uuid, $2::uuid)
ON CONFLICT ON CONSTRAINT user_role_assignments_key DO NOTHING
