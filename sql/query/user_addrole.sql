-- Gives a user a role; no row where he has it.
-- $1 user_id uuid
-- $2 role_id uuid
INSERT INTO user_role_assignments (user_id, role_id)
VALUES ($1::uuid, $2::uuid)
ON CONFLICT ON CONSTRAINT user_role_assignments_key DO NOTHING
