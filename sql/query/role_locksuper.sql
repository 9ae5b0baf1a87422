-- Who takes a super-admin away holds this row until he commits, so that two cannot take the last
-- two at once.
-- -> role_key
SELECT id, name, rank::bigint AS rank FROM roles WHERE name = 'super-admin' FOR UPDATE
