-- How many letters are dead of which nobody was told; they are told of now.
-- -> count
WITH told AS (
	UPDATE outbox SET told_at = now()
	WHERE status = 'dead' AND told_at IS NULL
	RETURNING id)
SELECT count(*) AS count FROM told;
