-- A role that somebody makes.
-- $1 id uuid
-- $2 name text
-- $3 description text
-- $4 rank bigint
INSERT INTO roles (id, name, description, rank)
VALUES ($1::uuid, $2::text, $3::text, $4::bigint::integer)
