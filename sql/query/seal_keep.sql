-- Keeps the right to seal, in the transaction of a seal: no row where another daemon has it by now.
-- $1 owner text
-- $2 lease_s bigint
UPDATE audit_sealer SET lease_until = now() + $2::bigint * interval '1 second'
WHERE id = 1 AND owner = $1::text
