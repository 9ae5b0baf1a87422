-- Makes customers of those who are none, and fills in what is not yet known of the names of the
-- others. A name that is known stays.
-- $1 ids uuid[] of those who become customers; in the order of the phone numbers
-- $2 phone_numbers text[] each once
-- $3 first_names text[]
-- $4 last_names text[]
INSERT INTO customers AS c (id, phone_number, first_name, last_name)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (phone_number) DO UPDATE SET first_name = coalesce(c.first_name, excluded.first_name),
	last_name = coalesce(c.last_name, excluded.last_name), updated_at = now()
WHERE (c.first_name IS NULL AND excluded.first_name IS NOT NULL)
	OR (c.last_name IS NULL AND excluded.last_name IS NOT NULL);
