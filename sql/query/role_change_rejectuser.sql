-- Rejects what waits and concerns a user who is deleted, or was asked for by him.
-- $1 user_id uuid
-- $2 by uuid
UPDATE role_changes SET status = 'rejected', decided_by = $2::uuid, decided_at = now()
WHERE status = 'pending' AND (user_id = $1::uuid OR requested_by = $1::uuid)
