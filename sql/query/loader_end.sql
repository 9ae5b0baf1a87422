-- And from here on by the database again.
-- -> truth
SELECT set_config('session_replication_role', 'origin', true) = 'origin' AS yes;
