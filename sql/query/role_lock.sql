-- Locks a role before it is read to be changed: nobody gets it or loses it meanwhile.
-- $1 role text its name or its id
-- -> role_key
SELECT id, name, rank::bigint AS rank FROM roles
WHERE name = $1::text OR id::text = lower($1::text)
FOR UPDATE
