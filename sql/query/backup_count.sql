-- How many backups there are.
-- -> count
SELECT count(*) AS count FROM backups
