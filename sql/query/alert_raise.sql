-- Raises an alert, or counts it where the same one is still open.
-- $1 id uuid
-- $2 kind text
-- $3 severity text
-- $4 title text
-- $5 dedupe_key text
-- $6 evidence jsonb
-- -> alert_raised
INSERT INTO alerts AS a (id, kind, severity, title, dedupe_key, evidence)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::jsonb)
ON CONFLICT (dedupe_key) WHERE status <> 'resolved' DO UPDATE
SET count = a.count + 1, last_at = now()
RETURNING a.id, a.count;
