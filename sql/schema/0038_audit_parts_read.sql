-- pg_dump reads parts of the audit trail by their own names, also where it works as the application's role, which
-- could read them by the name of the whole only: so no backup was made without owner_database.
DO $$
DECLARE
	part regclass;
BEGIN
	FOR part IN SELECT inhrelid::regclass FROM pg_inherits
		WHERE inhparent IN ('audit_log'::regclass, 'audit_search'::regclass) LOOP
		EXECUTE format('GRANT SELECT ON %s TO promo_app', part);
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION audit_part_begin(part bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	width CONSTANT bigint := 1000000000;
	name text;
BEGIN
	PERFORM set_config('lock_timeout', '500ms', true);
	INSERT INTO audit_parts (id) VALUES (part) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	FOREACH name IN ARRAY ARRAY['audit_log', 'audit_search'] LOOP
		EXECUTE format('CREATE TABLE %s_%s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
			name, part, name);
		EXECUTE format('GRANT SELECT ON %s_%s TO promo_app', name, part);
		EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s_%s FOR VALUES FROM (%s) TO (%s)',
			name, name, part, part * width, (part + 1) * width);
	END LOOP;
	PERFORM setval(pg_get_serial_sequence('audit_writers', 'id'), part * width, false);
	RETURN true;
END $$;
