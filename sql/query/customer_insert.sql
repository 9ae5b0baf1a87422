-- A new customer; nothing where another request has just made him.
-- $1 id uuid
-- $2 phone_number text
-- $3 first_name text
-- $4 last_name text
INSERT INTO customers (id, phone_number, first_name, last_name)
VALUES ($1::uuid, $2::text, $3::text, $4::text)
ON CONFLICT (phone_number) DO NOTHING;
