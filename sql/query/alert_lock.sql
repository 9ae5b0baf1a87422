-- Locks an alert, where who asks may see its kind.
-- $1 id uuid
-- $2 hidden text[]
-- -> alert_stand
SELECT id, kind, status, title FROM alerts
WHERE id = $1::uuid AND ($2::text[] IS NULL OR kind <> ALL ($2::text[]))
FOR NO KEY UPDATE;
