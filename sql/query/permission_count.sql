-- How many permissions there are.
-- -> count
SELECT count(*) AS count FROM permissions
