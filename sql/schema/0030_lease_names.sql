-- Who holds a job says so by the name of the connection (sql/query/job_hold.sql), which is as true behind
-- a pooler: the number of a process was not.
ALTER TABLE jobs DROP COLUMN lease_backend;
