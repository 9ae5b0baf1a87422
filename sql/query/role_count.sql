-- How many roles there are.
-- -> count
SELECT count(*) AS count FROM roles
