-- Takes away the second factors of a user, also those that wait to be confirmed.
-- $1 user_id uuid
DELETE FROM mfa_methods WHERE user_id = $1::uuid
