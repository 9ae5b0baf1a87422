-- Takes some of the alerts of which the trail has no row yet: it gets one now.
-- $1 limit bigint
-- -> alert_stand
WITH new AS (
	SELECT id FROM alerts WHERE NOT noted ORDER BY id LIMIT $1::bigint FOR NO KEY UPDATE
)
UPDATE alerts a SET noted = true FROM new WHERE a.id = new.id
RETURNING a.id, a.kind, a.status, a.title
