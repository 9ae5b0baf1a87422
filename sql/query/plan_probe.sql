-- For the rest of the transaction: joins probe indexes, since what is planned while a table is empty
-- keeps its plan when it has grown; and one plan is made for arrays of any length, or a statement for
-- one item would be planned each time, which costs more than to run it.
-- -> truth
SELECT set_config('enable_seqscan', 'off', true) = 'off' AND
	set_config('enable_hashjoin', 'off', true) = 'off' AND
	set_config('enable_mergejoin', 'off', true) = 'off' AND
	set_config('plan_cache_mode', 'force_generic_plan', true) = 'force_generic_plan' AS yes
