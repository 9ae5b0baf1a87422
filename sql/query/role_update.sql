-- Changes a role; the caller holds its lock and gives every value.
-- $1 id uuid
-- $2 name text
-- $3 description text
-- $4 rank bigint
UPDATE roles
SET name = $2::text, description = $3::text, rank = $4::bigint::integer, version = version + 1
WHERE id = $1::uuid
