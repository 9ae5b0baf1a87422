-- What long reads of one snapshot may take and how they say times, for this transaction. The
-- compiler of PostgreSQL takes longer than the pieces that are read; a piece is sorted in memory.
-- -> columns
SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '10s', true),
	set_config('idle_in_transaction_session_timeout', '10min', true),
	set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true),
	set_config('jit', 'off', true), set_config('work_mem', '16MB', true);
