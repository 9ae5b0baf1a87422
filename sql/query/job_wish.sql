-- Asks whoever works on a job to take back what it did; he need not be waited for.
-- $1 id uuid
INSERT INTO job_wishes (job_id) VALUES ($1::uuid) ON CONFLICT DO NOTHING;
