-- A new session.
-- $1 id uuid
-- $2 user_id uuid
-- $3 token_hash bytea
-- $4 ip inet
-- $5 user_agent text
-- $6 remember boolean
-- $7 seconds bigint
-- -> moment
INSERT INTO sessions (id, user_id, token_hash, ip, user_agent, remember, expires_at)
VALUES ($1::uuid, $2::uuid, $3::bytea, $4::inet, $5::text, $6::boolean,
	now() + $7::bigint * interval '1 second')
RETURNING expires_at AS at
