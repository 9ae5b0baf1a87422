-- Takes a role from a user.
-- $1 user_id uuid
-- $2 role_id uuid
DELETE FROM user_role_assignments WHERE user_id = $1::uuid AND role_id = $2::uuid
