-- Forgets the hashes of single rows that seals up to this one are kept with: their rows are gone. As the
-- owner of the database.
-- $1 seal bigint
UPDATE audit_seals SET leaves = NULL WHERE id <= $1::bigint AND leaves IS NOT NULL
