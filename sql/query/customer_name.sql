-- Fills in what is not yet known of a customer's name.
-- $1 id uuid
-- $2 first_name text
-- $3 last_name text
UPDATE customers SET first_name = coalesce(first_name, $2::text),
	last_name = coalesce(last_name, $3::text), updated_at = now()
WHERE id = $1::uuid AND ((first_name IS NULL AND $2::text IS NOT NULL)
	OR (last_name IS NULL AND $3::text IS NOT NULL));
