-- What a sign-in is checked against, by e-mail address or phone number.
-- $1 email text
-- $2 phone_number text
-- -> credential
SELECT id, password_hash, is_active
FROM users
WHERE email = $1::text OR phone_number = $2::text
