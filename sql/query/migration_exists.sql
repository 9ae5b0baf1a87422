-- Whether this database knows migrations at all.
-- -> truth
SELECT to_regclass('schema_migrations') IS NOT NULL AS yes
