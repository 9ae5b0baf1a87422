-- Marks a notification of a user as read; it keeps the first time.
-- $1 id uuid
-- $2 user_id uuid
-- -> notification
UPDATE notifications SET read_at = coalesce(read_at, now())
WHERE id = $1::uuid AND user_id = $2::uuid
RETURNING id, kind, title, body, link, read_at, created_at;
