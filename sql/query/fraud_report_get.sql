-- One report, without its notes.
-- $1 id uuid
-- -> fraud_report
SELECT * FROM fraud_report_rows WHERE id = $1::uuid;
