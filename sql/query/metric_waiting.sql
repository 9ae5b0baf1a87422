-- How many seconds the letter that waits longest waits, tried or not.
-- -> columns
SELECT coalesce(round(extract(epoch FROM now() - min(created_at)), 3), 0)
FROM outbox WHERE status = 'waiting';
