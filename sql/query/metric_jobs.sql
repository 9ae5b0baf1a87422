-- How many jobs there are of each kind and status.
-- -> columns
SELECT kind, status, count(*) FROM jobs GROUP BY kind, status ORDER BY kind, status;
