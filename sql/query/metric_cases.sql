-- How many fraud reports there are of each status.
-- -> columns
SELECT status, count(*) FROM fraud_reports GROUP BY status ORDER BY status;
