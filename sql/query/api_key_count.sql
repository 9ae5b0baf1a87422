-- How many API keys a user has.
-- $1 user_id uuid
-- -> count
SELECT count(*) AS count FROM api_keys WHERE user_id = $1::uuid
