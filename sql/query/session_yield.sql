-- Nobody waits behind this transaction for long, since it does not wait for long itself.
-- -> truth
SELECT set_config('lock_timeout', '500ms', true) IS NOT NULL AS yes
