-- Marks all notifications of a user as read.
-- $1 user_id uuid
UPDATE notifications SET read_at = now() WHERE user_id = $1::uuid AND read_at IS NULL;
