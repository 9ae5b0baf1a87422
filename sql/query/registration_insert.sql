-- Somebody asks for an account; no row where the address or the number belongs to somebody, or waits.
-- $1 id uuid
-- $2 first_name text
-- $3 last_name text
-- $4 email text
-- $5 phone_number text
-- $6 password_hash text
INSERT INTO registrations (id, first_name, last_name, email, phone_number, password_hash)
SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text
WHERE NOT EXISTS (SELECT FROM users WHERE email = $4::text OR phone_number = $5::text)
ON CONFLICT DO NOTHING
