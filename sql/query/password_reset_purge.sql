-- Takes away the tokens that nobody used in time.
DELETE FROM password_resets WHERE expires_at <= now()
