-- What a user may do now, whoever asks.
-- $1 id uuid
-- -> rights
SELECT id, is_active, rank, super_admin, permissions FROM users_able WHERE id = $1::uuid
