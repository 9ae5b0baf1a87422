-- How many alerts there are that are not resolved, of each severity and status.
-- -> columns
SELECT severity, status, count(*) FROM alerts WHERE status <> 'resolved'
GROUP BY severity, status ORDER BY severity, status;
