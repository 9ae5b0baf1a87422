-- What these users were told of since, by the time in its id, the oldest first.
-- planned anew
-- $1 after uuid
-- $2 user_id uuid[]
-- $3 limit bigint
-- -> live_notification
SELECT id, kind, title, body, link, read_at, created_at, user_id
FROM notifications
WHERE id > $1::uuid AND user_id = ANY ($2::uuid[])
ORDER BY id
LIMIT $3::bigint
