-- How many letters there are of each channel and status.
-- -> columns
SELECT channel, status, count(*) FROM outbox GROUP BY channel, status ORDER BY channel, status;
