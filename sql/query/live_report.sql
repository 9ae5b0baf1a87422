-- The fraud report that a row of the audit trail opened; none where it opened none.
-- $1 writer_id bigint
-- $2 seq bigint
-- -> fraud_report
SELECT r.*
FROM audit_log l
CROSS JOIN LATERAL (SELECT id FROM fraud_reports
	WHERE promo_code_id = l.entity_id AND created_at = l.at OFFSET 0) x
CROSS JOIN LATERAL (SELECT * FROM fraud_report_rows WHERE id = x.id LIMIT 1) r
WHERE l.writer_id = $1::bigint AND l.seq = $2::bigint
