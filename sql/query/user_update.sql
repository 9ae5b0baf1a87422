-- Changes a user; the caller holds its lock and gives every value. A token to set a password that went to
-- another address, or to who was active then, is none any more.
-- $1 id uuid
-- $2 first_name text
-- $3 last_name text
-- $4 email text
-- $5 phone_number text
-- $6 is_active boolean
WITH tokens AS (
	DELETE FROM password_resets p USING users u
	WHERE p.user_id = $1::uuid AND u.id = p.user_id
		AND (u.email IS DISTINCT FROM $4::text OR NOT $6::boolean)
)
UPDATE users
SET first_name = $2::text, last_name = $3::text, email = $4::text, phone_number = $5::text,
	is_active = $6::boolean, updated_at = now(), version = version + 1
WHERE id = $1::uuid
