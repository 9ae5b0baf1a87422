-- Notes who looks after all open alerts, the oldest first, as many as are wanted at once.
-- $1 user_id uuid
-- $2 severity text
-- $3 hidden text[]
-- $4 limit bigint
-- -> alert_stand
WITH open AS (
	SELECT id FROM alerts
	WHERE status = 'open' AND ($2::text IS NULL OR severity = $2::text)
		AND ($3::text[] IS NULL OR kind <> ALL ($3::text[]))
	ORDER BY id
	LIMIT $4::bigint
	FOR NO KEY UPDATE
)
UPDATE alerts a
SET status = 'acknowledged', acknowledged_by = $1::uuid, acknowledged_at = now(), since = now()
FROM open WHERE a.id = open.id
RETURNING a.id, a.kind, a.status, a.title;
