-- Whether there is such an import; of others only where own_by is null.
-- $1 id uuid
-- $2 own_by uuid
-- -> import_rejects
SELECT i.reject_parts, b.batch_name
FROM imports i JOIN jobs j ON j.id = i.job_id LEFT JOIN batches b ON b.id = i.batch_id
WHERE i.job_id = $1::uuid AND ($2::uuid IS NULL OR j.created_by = $2::uuid);
