-- Files that are sent, in pieces that are each committed alone: a file of a gigabyte is no transaction of
-- minutes. It has the id of the job that will read it; where that is not there an hour after the last
-- piece came, nobody will.
CREATE TABLE uploads (
	id uuid CONSTRAINT uploads_pkey PRIMARY KEY,
	touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE upload_parts (
	upload_id uuid NOT NULL CONSTRAINT upload_parts_upload_fkey
		REFERENCES uploads (id) ON DELETE CASCADE,
	part integer NOT NULL CONSTRAINT upload_parts_part_check CHECK (part > 0),
	bytes bytea NOT NULL CONSTRAINT upload_parts_bytes_check
		CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
	CONSTRAINT upload_parts_pkey PRIMARY KEY (upload_id, part)
);
-- What will be read once is not worth the time of being compressed.
ALTER TABLE upload_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON uploads, upload_parts TO promo_app;

INSERT INTO uploads (id) SELECT DISTINCT job_id FROM job_files WHERE name = 'input';
INSERT INTO upload_parts (upload_id, part, bytes)
SELECT job_id, part, bytes FROM job_files WHERE name = 'input';
DELETE FROM job_files WHERE name = 'input';
ALTER TABLE job_files DROP CONSTRAINT job_files_name_check,
	ADD CONSTRAINT job_files_name_check CHECK (name IN ('rejects', 'file'));
