-- A new seal.
-- $1 id bigint
-- $2 at timestamptz
-- $3 ranges text in hex, as what follows
-- $4 root text
-- $5 previous text
-- $6 dropped_to bigint
-- $7 key_id text
-- $8 signature text
-- $9 leaves text
INSERT INTO audit_seals (id, at, ranges, root, previous, dropped_to, key_id, signature, leaves)
VALUES ($1::bigint, $2::timestamptz, decode($3::text, 'hex'), decode($4::text, 'hex'),
	decode($5::text, 'hex'), $6::bigint, $7::text, decode($8::text, 'hex'), decode($9::text, 'hex'))
