-- The lease of the one who migrates: held until the end of the transaction, and gone with a
-- connection that dies.
-- -> moment
SELECT applied_at AS at FROM schema_migrations WHERE version = 0 FOR UPDATE
