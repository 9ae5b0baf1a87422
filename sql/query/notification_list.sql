-- A page of what a user was told of, newest first; read ones or unread ones only, where asked.
-- planned anew
-- $1 user_id uuid
-- $2 unread boolean
-- $3 before uuid
-- $4 limit bigint
-- -> notification
SELECT id, kind, title, body, link, read_at, created_at
FROM notifications
WHERE user_id = $1::uuid AND ($2::boolean IS NULL OR (read_at IS NULL) = $2::boolean)
	AND ($3::uuid IS NULL OR id < $3::uuid)
ORDER BY id DESC
LIMIT $4::bigint;
