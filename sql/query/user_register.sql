-- The user whom a registration asked for.
-- $1 id uuid
-- $2 registration_id uuid
INSERT INTO users (id, first_name, last_name, email, phone_number, password_hash)
SELECT $1::uuid, first_name, last_name, email, phone_number, password_hash
FROM registrations
WHERE id = $2::uuid
