-- A page of what a user was told of, newest first.
-- $1 user_id uuid
-- $2 before uuid
-- $3 limit bigint
-- -> notification
SELECT id, kind, title, body, link, read_at, created_at
FROM notifications
WHERE user_id = $1::uuid AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC
LIMIT $3::bigint;
