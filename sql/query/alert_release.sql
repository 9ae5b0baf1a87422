-- Gives the right to watch back, so that another daemon need not wait.
-- $1 owner text
UPDATE alert_watch SET lease_until = '-infinity' WHERE id = 1 AND owner = $1::text
