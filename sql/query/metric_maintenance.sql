-- Whether maintenance mode is on.
-- -> columns
SELECT maintenance::int FROM auth_state WHERE id = 1
