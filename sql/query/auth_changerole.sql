-- Raises the auth epoch and notes that the rights of all who hold a role changed; nothing where nobody
-- does. The role is locked, so nobody gets it meanwhile. Who was given a token for the password of one of
-- them, as he was, sets none any more.
-- $1 role_id uuid
WITH state AS (
	UPDATE auth_state SET epoch = epoch + 1
	WHERE id = 1 AND EXISTS (SELECT FROM user_role_assignments WHERE role_id = $1::uuid)
	RETURNING epoch
), tokens AS (
	DELETE FROM password_resets t USING user_role_assignments ra
	WHERE ra.role_id = $1::uuid AND t.user_id = ra.user_id
)
INSERT INTO auth_changes (epoch, user_id)
SELECT s.epoch, ra.user_id FROM state s CROSS JOIN user_role_assignments ra
WHERE ra.role_id = $1::uuid
