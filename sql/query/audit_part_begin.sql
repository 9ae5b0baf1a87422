-- Begins a part of the audit trail; as the owner of the database. False: somebody else did.
-- $1 part bigint
-- -> truth
SELECT audit_part_begin($1::bigint) AS yes
