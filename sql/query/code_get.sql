-- One code by its id.
-- $1 id uuid
-- -> code
SELECT * FROM code_rows WHERE id = $1::uuid;
