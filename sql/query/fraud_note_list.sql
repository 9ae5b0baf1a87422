-- The notes of some cases, case by case, oldest first.
-- $1 fraud_report_ids uuid[]
-- -> fraud_note_row
SELECT n.fraud_report_id, n.created_at AS "note.at", u.id AS "note.by.id",
	u.first_name || ' ' || u.last_name AS "note.by.name", n.text AS "note.text"
FROM fraud_notes n
JOIN users u ON u.id = n.user_id
WHERE n.fraud_report_id = ANY ($1::uuid[])
ORDER BY n.fraud_report_id, n.id;
