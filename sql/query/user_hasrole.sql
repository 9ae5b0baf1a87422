-- Whether a user has a role: 1 or 0.
-- $1 user_id uuid
-- $2 role_id uuid
-- -> count
SELECT count(*) AS count FROM user_role_assignments
WHERE user_id = $1::uuid AND role_id = $2::uuid
