-- Ends the wait of a change of rights; the caller holds its lock.
-- $1 id uuid
-- $2 status text
-- $3 decided_by uuid
UPDATE role_changes SET status = $2::text, decided_by = $3::uuid, decided_at = now()
WHERE id = $1::uuid
