-- One snapshot.
-- $1 id uuid
-- -> settings_snapshot
SELECT s.id, s.note, s.automatic, s.created_at, u.id AS "created_by.id",
	u.first_name || ' ' || u.last_name AS "created_by.name"
FROM setting_snapshots s
LEFT JOIN users u ON u.id = s.created_by_user_id
WHERE s.id = $1::uuid
