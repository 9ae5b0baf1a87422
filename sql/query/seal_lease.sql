-- Takes, or keeps, the right to seal the audit trail for so many seconds.
-- $1 owner text
-- $2 lease_s bigint
UPDATE audit_sealer SET owner = $1::text, lease_until = now() + $2::bigint * interval '1 second'
WHERE id = 1 AND (owner = $1::text OR lease_until < now())
