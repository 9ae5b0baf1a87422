-- The job engine (docs/decisions/0017): whose turn it is, why a job was put off, and the wish to
-- cancel one, which stands in a row of its own, since the job is locked while somebody works on it.
ALTER TABLE jobs DROP COLUMN cancel_requested;
ALTER TABLE jobs ADD COLUMN claimed_at timestamptz; -- when its turn came last
ALTER TABLE jobs ADD COLUMN last_error text;        -- why it was put off last

-- Jobs that nobody started in person take turns as those of one user.
CREATE INDEX jobs_turn_idx ON jobs
	((coalesce(created_by, '00000000-0000-0000-0000-000000000000')), claimed_at);
CREATE INDEX jobs_finished_idx ON jobs (finished_at);

CREATE TABLE job_wishes (
	job_id uuid CONSTRAINT job_wishes_pkey PRIMARY KEY
		CONSTRAINT job_wishes_job_fkey REFERENCES jobs (id) ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_wishes TO promo_app;

-- What belongs to a job goes with it.
ALTER TABLE job_chunks DROP CONSTRAINT job_chunks_job_fkey;
ALTER TABLE job_chunks ADD CONSTRAINT job_chunks_job_fkey
	FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE;
