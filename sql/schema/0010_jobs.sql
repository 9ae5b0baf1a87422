-- More kinds of jobs: changes to so many codes that nobody waits for the answer.
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN
	('generate', 'import', 'export', 'pdf', 'backup', 'restore_check', 'bulk'));
