-- The commit of this transaction does not wait until it is on disk: what a crash of the server may
-- take back is the whole of it, and the next commit that waits has it on disk as well.
-- -> truth
SELECT set_config('synchronous_commit', 'off', true) = 'off' AS yes;
