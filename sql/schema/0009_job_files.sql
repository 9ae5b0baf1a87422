-- Files that jobs read and make: they stand in the database, so that any daemon can go on with any
-- job and serve what it made. A file is as many parts of at most 1 MiB as it needs, in their order.
CREATE TABLE job_files (
	job_id uuid NOT NULL CONSTRAINT job_files_job_fkey REFERENCES jobs (id) ON DELETE CASCADE,
	name text NOT NULL CONSTRAINT job_files_name_check
		CHECK (name IN ('input', 'rejects', 'file')),
	part integer NOT NULL CONSTRAINT job_files_part_check CHECK (part > 0),
	bytes bytea NOT NULL CONSTRAINT job_files_bytes_check
		CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT job_files_pkey PRIMARY KEY (job_id, name, part)
);
-- What is compressed already, or will be read once, is not worth the time.
ALTER TABLE job_files ALTER COLUMN bytes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_files TO promo_app;
