-- The cases of a code, newest first.
-- $1 code_id uuid
-- $2 limit bigint
-- -> fraud_report
SELECT * FROM fraud_report_rows WHERE code_id = $1::uuid ORDER BY id DESC LIMIT $2::bigint;
