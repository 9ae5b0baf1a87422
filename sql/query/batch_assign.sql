-- Assigns a batch to a user, or to nobody.
-- $1 id uuid
-- $2 user_id uuid
UPDATE batches SET assigned_user_id = $2::uuid, updated_at = now(), version = version + 1
WHERE id = $1::uuid AND deleted_at IS NULL;
