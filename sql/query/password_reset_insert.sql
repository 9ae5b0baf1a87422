-- A token with which a user sets a new password, in the place of an earlier one; until when it works.
-- $1 id uuid
-- $2 user_id uuid
-- $3 token_hash bytea
-- $4 seconds bigint
-- -> moment
WITH earlier AS (
	DELETE FROM password_resets WHERE user_id = $2::uuid
)
INSERT INTO password_resets (id, user_id, token_hash, expires_at)
VALUES ($1::uuid, $2::uuid, $3::bytea, now() + $4::bigint * interval '1 second')
RETURNING expires_at AS at
