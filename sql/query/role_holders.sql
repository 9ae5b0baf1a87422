-- How many users have a role.
-- $1 role_id uuid
-- -> count
SELECT count(*) AS count FROM user_role_assignments WHERE role_id = $1::uuid
