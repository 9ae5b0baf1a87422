-- Asks the sealer to say that rows of seals up to this one may be dropped; as the owner of the database.
-- $1 seal bigint
UPDATE audit_sealer SET drop_to = greatest(drop_to, $1::bigint) WHERE id = 1
