-- The connection that whoever works on a job has: one that stands still in the middle of a COPY holds its
-- job and no timeout ends it, so another worker does (docs/decisions/0017).
ALTER TABLE jobs ADD COLUMN lease_backend integer;
