-- Closes an alert.
-- $1 id uuid
-- $2 user_id uuid
-- $3 note text
UPDATE alerts SET status = 'resolved', resolved_by = $2::uuid, resolved_at = now(), since = now(),
	note = $3::text, escalated_to = '{}'
WHERE id = $1::uuid
