-- One job; of others only where own_by is null.
-- $1 id uuid
-- $2 own_by uuid
-- -> job
SELECT * FROM job_rows
WHERE id = $1::uuid AND ($2::uuid IS NULL OR "created_by.id" = $2::uuid);
