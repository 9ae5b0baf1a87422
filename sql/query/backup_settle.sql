-- In a database that was restored: nobody is signed in, and what was backing up or trying a backup has failed.
WITH out AS (
	DELETE FROM sessions
), waiting AS (
	DELETE FROM mfa_challenges
), resets AS (
	DELETE FROM password_resets
), state AS (
	UPDATE auth_state SET epoch = epoch + 1 WHERE id = 1
), unfinished AS (
	UPDATE backups SET status = 'failed', expires_at = now() + interval '30 days'
	WHERE status = 'running'
)
UPDATE jobs SET status = 'failed', finished_at = now(), error_code = 'internal',
	error_detail = 'the database was restored meanwhile', lease_owner = NULL, lease_until = NULL
WHERE kind IN ('backup', 'restore_check') AND status IN ('queued', 'running')
