-- How many notifications a user has.
-- $1 user_id uuid
-- -> count
SELECT count(*) AS count FROM notifications WHERE user_id = $1::uuid;
