-- What the daemon may do. It works as a member of promo_app (made by the migration runner where it
-- is missing), which owns nothing, has no DDL, and can neither change nor delete what has to stay as
-- it was written: redemptions and the audit trail.

-- PostgreSQL 14 still lets everybody create in it.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO promo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO promo_app;
REVOKE UPDATE, DELETE ON redemptions, audit_log, audit_seals FROM promo_app;
REVOKE INSERT, UPDATE, DELETE ON schema_migrations, permissions FROM promo_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO promo_app;
