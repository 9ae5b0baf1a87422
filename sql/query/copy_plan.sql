-- Lets the codes of a batch be read as they lie and sorted then, for this transaction. In the order of
-- their serials they lie anywhere, and the planner, which is not told how many it is asked for, would
-- fetch each of them from a page of its own.
-- -> columns
SELECT set_config('enable_indexscan', 'off', true), set_config('work_mem', '32MB', true);
