-- How many webhooks there are.
-- -> count
SELECT count(*) AS count FROM webhooks
