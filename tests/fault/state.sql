-- What the database holds, for tests/fault/check-history; state.h says what the fields are. From one
-- snapshot. For psql as the owner of the database.
\set ON_ERROR_STOP on
\pset null -
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
COPY (SELECT 'code', code, id, batch_id, status, (amount * 100)::bigint FROM promo_codes)
	TO STDOUT (NULL '-');
COPY (SELECT 'redemption', id, promo_code_id, idempotency_key, status, error_code,
	(amount * 100)::bigint FROM redemptions) TO STDOUT (NULL '-');
COPY (SELECT 'total', batch_id, sum(redeemed), (sum(redeemed_amount) * 100)::bigint, sum(reported)
	FROM totals GROUP BY batch_id) TO STDOUT (NULL '-');
-- What repeats within a minute is counted beside the trail until the minute is over.
COPY (SELECT 'audit', writer_id::text AS writer, seq, action, outcome, error, actor_id, entity_id,
	CASE WHEN changes = '[]' THEN 0 ELSE 1 END, count, request_id
	FROM audit_log
	UNION ALL
	SELECT 'audit', 'counts', row_number() OVER (), action, outcome, error, actor_id, entity_id,
	0, count, request_id
	FROM audit_folds
	ORDER BY writer, seq) TO STDOUT (NULL '-');
COMMIT;
