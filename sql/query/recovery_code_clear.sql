-- Takes away the recovery codes of a user.
-- $1 user_id uuid
DELETE FROM recovery_codes WHERE user_id = $1::uuid
