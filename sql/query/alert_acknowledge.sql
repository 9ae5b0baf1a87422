-- Notes who looks after an alert.
-- $1 id uuid
-- $2 user_id uuid
UPDATE alerts SET status = 'acknowledged', acknowledged_by = $2::uuid, acknowledged_at = now(), since = now()
WHERE id = $1::uuid
