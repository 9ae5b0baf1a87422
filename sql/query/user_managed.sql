-- A user to be changed (user_lock has locked him), with what the rules of rank and power ask.
-- $1 id uuid
-- -> managed_user
SELECT id, first_name, last_name, email, phone_number, is_active, version, rank, super_admin,
	permissions
FROM users_able
WHERE id = $1::uuid AND deleted_at IS NULL
