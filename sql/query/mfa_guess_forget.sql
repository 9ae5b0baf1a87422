-- Forgets the wrong codes of a user.
-- $1 user text
DELETE FROM throttles WHERE kind = 'mfa' AND subject = $1::text
