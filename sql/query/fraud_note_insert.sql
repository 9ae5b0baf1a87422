-- Adds a note to a case; to one that was rejected only where that does not matter.
-- $1 id uuid
-- $2 fraud_report_id uuid
-- $3 user_id uuid
-- $4 text text
-- $5 any_status boolean
WITH touched AS (
	UPDATE fraud_reports SET updated_at = now()
	WHERE id = $2::uuid AND ($5::boolean OR status <> 'rejected')
	RETURNING id)
INSERT INTO fraud_notes (id, fraud_report_id, user_id, text)
SELECT $1::uuid, id, $3::uuid, $4::text FROM touched;
