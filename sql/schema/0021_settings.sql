-- A category of settings has a version, which whoever changes it has to name, and tells who changed it
-- last. Its values stay rows of system_settings: what nobody set is not there.
CREATE TABLE setting_categories (
	category text CONSTRAINT setting_categories_pkey PRIMARY KEY,
	version integer NOT NULL DEFAULT 1,
	updated_by_user_id uuid CONSTRAINT setting_categories_updated_by_fkey REFERENCES users (id),
	updated_at timestamptz
);
INSERT INTO setting_categories (category) VALUES
	('branding'), ('security'), ('notifications'), ('backup'), ('maintenance'), ('codes'),
	('redemption'), ('alerts'), ('privacy'), ('locale'), ('registration');

-- What was set at a moment, kept to be put back.
CREATE TABLE setting_snapshots (
	id uuid CONSTRAINT setting_snapshots_pkey PRIMARY KEY,
	note text,
	automatic boolean NOT NULL DEFAULT false, -- made before an import or a restore
	made_by text NOT NULL, -- version of the program
	settings jsonb NOT NULL,
	created_by_user_id uuid CONSTRAINT setting_snapshots_created_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON setting_categories, setting_snapshots TO promo_app;
