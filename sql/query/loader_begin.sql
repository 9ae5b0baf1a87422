-- Foreign keys are checked set-wise from here on: by whoever loads.
-- -> truth
SELECT set_config('session_replication_role', 'replica', true) = 'replica' AS yes;
