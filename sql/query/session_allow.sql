-- How long each statement of this transaction may take.
-- $1 timeout text
-- -> columns
SELECT set_config('statement_timeout', $1::text, true)
