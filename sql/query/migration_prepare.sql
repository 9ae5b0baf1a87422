-- The list of applied migrations. Its row 0 is no migration: it is what a migrator locks.
CREATE TABLE schema_migrations (
	version integer CONSTRAINT schema_migrations_pkey PRIMARY KEY,
	name text NOT NULL,
	checksum text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
)
