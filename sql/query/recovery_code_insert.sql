-- The recovery codes of a user, hashed.
-- $1 user_id uuid
-- $2 hashes text[]
INSERT INTO recovery_codes (user_id, code_hash)
SELECT $1::uuid, decode(hash, 'hex') FROM unnest($2::text[]) AS hash
