-- Backups are made by jobs: who makes one, and for which time one that is made by itself is due, so that no two
-- daemons make it.
ALTER TABLE backups ADD COLUMN job_id uuid;
ALTER TABLE backups ADD COLUMN due_at timestamptz CONSTRAINT backups_due_key UNIQUE;
CREATE INDEX backups_created_idx ON backups (created_at);
CREATE UNIQUE INDEX backups_job_key ON backups (job_id);

CREATE VIEW backup_rows AS
SELECT id, kind, status, size_bytes, sha256, counts, verified_at, created_at, expires_at
FROM backups;
GRANT SELECT ON backup_rows TO promo_app;

-- pg_dump reads them, also where it works as the application's role.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO promo_app;
