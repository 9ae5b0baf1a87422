-- Whether the server has a database of this name.
-- $1 name text
-- -> truth
SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1::text) AS yes
