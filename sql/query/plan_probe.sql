-- Lets the planner join by probing indexes only, for the rest of the transaction: what is planned
-- while a table is empty keeps its plan when it has grown.
-- -> truth
SELECT set_config('enable_seqscan', 'off', true) = 'off' AND
	set_config('enable_hashjoin', 'off', true) = 'off' AND
	set_config('enable_mergejoin', 'off', true) = 'off' AS yes
