-- Raises the auth epoch and notes whose rights or sessions changed.
-- $1 user_id uuid
WITH state AS (
	UPDATE auth_state SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch
)
INSERT INTO auth_changes (epoch, user_id)
SELECT epoch, $1::uuid FROM state
