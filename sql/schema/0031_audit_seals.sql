-- Seals of the audit trail (docs/decisions/0031). Ranges and hashes of rows are bytes, as they are hashed
-- and signed: what an owner of the database may put there is still readable. No seal was made so far.
ALTER TABLE audit_seals DROP COLUMN ranges;
ALTER TABLE audit_seals ADD COLUMN ranges bytea NOT NULL;
ALTER TABLE audit_seals ADD COLUMN leaves bytea;
ALTER TABLE audit_seals ADD COLUMN dropped_to bigint NOT NULL DEFAULT 0;
-- Random bytes: nothing to pack.
ALTER TABLE audit_seals ALTER COLUMN leaves SET STORAGE EXTERNAL;

-- Up to where each writer's rows are sealed: where the next seal goes on. Nothing is proven by it.
CREATE TABLE audit_sealed (
	writer_id bigint CONSTRAINT audit_sealed_pkey PRIMARY KEY,
	seq bigint NOT NULL
);

-- One daemon seals at a time, as long as it says so.
CREATE TABLE audit_sealer (
	id integer CONSTRAINT audit_sealer_pkey PRIMARY KEY CONSTRAINT audit_sealer_id_check CHECK (id = 1),
	owner text,
	lease_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO audit_sealer (id) VALUES (1);
GRANT SELECT, INSERT, UPDATE ON audit_sealed TO promo_app;
GRANT SELECT, UPDATE ON audit_sealer TO promo_app;
