-- Adds a note to a case.
-- $1 id uuid
-- $2 fraud_report_id uuid
-- $3 user_id uuid
-- $4 text text
WITH touched AS (
	UPDATE fraud_reports SET updated_at = now() WHERE id = $2::uuid)
INSERT INTO fraud_notes (id, fraud_report_id, user_id, text)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text);
