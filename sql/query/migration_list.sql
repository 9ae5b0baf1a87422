-- The migrations that were applied.
-- -> migration
SELECT version, name, checksum, applied_at FROM schema_migrations WHERE version > 0 ORDER BY version
