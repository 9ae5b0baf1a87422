-- In an embedded server: the role that loads codes (docs/decisions/0018). What it may beyond the
-- application's role, to check foreign keys itself, is a right of its own from PostgreSQL 15 on.
DO $$ BEGIN CREATE ROLE promo_loader LOGIN IN ROLE promo_app; IF current_setting(
	'server_version_num')::integer >= 150000 THEN EXECUTE
	'GRANT SET ON PARAMETER session_replication_role TO promo_loader'; END IF; END $$
