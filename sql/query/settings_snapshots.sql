-- A page of snapshots, newest first.
-- $1 before uuid
-- $2 limit bigint
-- -> settings_snapshot
SELECT s.id, s.note, s.automatic, s.created_at, u.id AS "created_by.id",
	u.first_name || ' ' || u.last_name AS "created_by.name"
FROM setting_snapshots s
LEFT JOIN users u ON u.id = s.created_by_user_id
WHERE $1::uuid IS NULL OR s.id < $1::uuid
ORDER BY s.id DESC
LIMIT $2::bigint
