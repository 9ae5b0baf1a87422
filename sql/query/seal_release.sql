-- Gives the right to seal back, so that another daemon need not wait.
-- $1 owner text
UPDATE audit_sealer SET lease_until = '-infinity' WHERE id = 1 AND owner = $1::text
