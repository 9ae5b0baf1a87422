-- A role by its name or its id.
-- $1 role text
-- -> role_key
SELECT id, name, rank::bigint AS rank FROM roles
WHERE name = $1::text OR id::text = lower($1::text)
