-- How many notifications a user has; read ones or unread ones only, where asked.
-- planned anew
-- $1 user_id uuid
-- $2 unread boolean
-- -> count
SELECT count(*) AS count
FROM notifications
WHERE user_id = $1::uuid AND ($2::boolean IS NULL OR (read_at IS NULL) = $2::boolean);
