-- An audit trail of :rows entries for bench/audit, as eight connections of a daemon at a time would have
-- written it in a year, with new ones every two weeks, in four parts. :step begin, then rows from :first to
-- :last (from several sessions), then end. The indexes of the search are made at the end, as shipped: ten
-- times as fast as row by row.
\set ON_ERROR_STOP on
SELECT :'step' = 'begin' AS begins, :'step' = 'rows' AS fills, :'step' = 'end' AS ends,
	(:rows / 208 + 1) * 8 AS block \gset
\if :begins
BEGIN;
DO $$ BEGIN PERFORM audit_part_begin(part) FROM generate_series(1, 3) part; END $$;
CREATE TABLE bench_indexes AS SELECT indexrelid::regclass::text AS name,
	replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') AS text
FROM pg_index WHERE indrelid = 'audit_search'::regclass AND NOT indisprimary;
SELECT format('DROP INDEX %s', name) FROM bench_indexes \gexec
COMMIT;
\endif

\if :fills
SET synchronous_commit = off;
INSERT INTO audit_log (writer_id, seq, id, at, actor_kind, actor_id, session_id, ip, user_agent, action,
	permission, entity_kind, entity_id, outcome, error, changes, request_id)
SELECT n / :block * 4 / 26 * 1000000000 + 1000 + n / :block * 8 + n % 8, n % :block / 8 + 1,
	gen_random_uuid(), now() - interval '1 year' * (1 - (n + 1)::float8 / :rows),
	CASE WHEN a.of_whom THEN 'user' ELSE 'anonymous' END,
	CASE WHEN a.of_whom THEN md5('actor' || 1 + (n * 48271 % 397) * (n * 48271 % 397) / 397)::uuid END,
	CASE WHEN a.of_whom THEN md5('session' || n / 1000)::uuid END,
	inet '10.0.0.0' + n * 31 % 65536, 'promo/0.1.0', a.action, a.permission, a.kind,
	CASE a.kind WHEN 'code' THEN md5('code' || n * 7919 % (:rows / 4))::uuid
		WHEN 'redemption' THEN gen_random_uuid() ELSE md5(a.kind || n % 500)::uuid END,
	a.outcome, CASE a.outcome WHEN 'failed' THEN 'code_not_active' WHEN 'denied' THEN 'forbidden' END,
	CASE WHEN a.action LIKE '%.update' THEN
		'[{"field": "first_name", "before": "Aline", "after": "Alice"}]'::jsonb ELSE '[]' END,
	left(md5(n::text), 16)
FROM generate_series(:first::bigint, :last::bigint) n
CROSS JOIN LATERAL (SELECT n * 2654435761 % 10007 AS k) d
CROSS JOIN LATERAL (SELECT NOT (k >= 8800 AND k < 8850) AS of_whom,
	CASE WHEN k < 4600 THEN 'code.verify' WHEN k < 8800 THEN 'redemption.create'
		WHEN k < 9300 THEN 'auth.login' WHEN k < 9700 THEN 'batch.show'
		WHEN k < 10000 THEN 'user.update' ELSE 'role.update' END AS action,
	CASE WHEN k < 4600 THEN 'codes.verify' WHEN k < 8800 THEN 'codes.redeem'
		WHEN k < 9300 THEN NULL WHEN k < 9700 THEN 'batches.view'
		WHEN k < 10000 THEN 'users.update' ELSE 'roles.update' END AS permission,
	CASE WHEN k < 4600 THEN 'code' WHEN k < 8800 THEN 'redemption' WHEN k < 9300 THEN 'user'
		WHEN k < 9700 THEN 'batch' WHEN k < 10000 THEN 'user' ELSE 'role' END AS kind,
	CASE WHEN k < 200 OR (k >= 8800 AND k < 8850) THEN 'failed'
		WHEN k >= 9300 AND k < 9310 THEN 'denied' ELSE 'allowed' END AS outcome) a;
\endif

\if :ends
SET maintenance_work_mem = '512MB';
SET synchronous_commit = off;
BEGIN;
INSERT INTO audit_search (writer_id, seq, at, id, actor_id, action, entity_kind, entity_id, outcome)
SELECT writer_id, seq, at, id, actor_id, action, entity_kind, entity_id, outcome
FROM audit_log WHERE writer_id % 1000000000 >= 1000;
INSERT INTO audit_writers (id, seq, process, created_at, last_at, closed_at) OVERRIDING SYSTEM VALUE
SELECT writer_id, max(seq), 'bench', min(at), max(at), max(at)
FROM audit_search WHERE writer_id % 1000000000 >= 1000 GROUP BY 1;
INSERT INTO audit_search_positions (writer_id, seq)
SELECT id, seq FROM audit_writers WHERE process = 'bench';
COMMIT;
SELECT text FROM bench_indexes \gexec
DROP TABLE bench_indexes;
-- What new indexes were made of is not waited for by what is measured.
CHECKPOINT;
\endif
