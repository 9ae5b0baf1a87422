-- The same password, its hash made again with today's parameters.
-- $1 id uuid
-- $2 password_hash text
UPDATE users SET password_hash = $2::text WHERE id = $1::uuid
