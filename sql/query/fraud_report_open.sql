-- The open case of a code.
-- $1 code_id uuid
-- -> verified_report
SELECT id, status, created_at FROM fraud_reports
WHERE promo_code_id = $1::uuid AND status <> 'rejected';
