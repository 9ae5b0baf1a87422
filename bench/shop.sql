-- A shop of :customers customers for bench/shop, as the daemon would have written it in three years: two
-- and a half times as many redemptions, five times as many codes in 100 batches of which ten at a time
-- are out, one attempt in fifty refused. One customer has every fiftieth redemption, one clerk left
-- when a hundredth of all was done. Written in pieces, each committed, without looking foreign keys up:
-- the ids are computed, so they are there. The index of pieces is made at the end, as shipped.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET maintenance_work_mem = '1GB';

CREATE SCHEMA bench;
-- As ids of the daemon are: what came later is greater.
CREATE FUNCTION bench.id_of(at timestamptz, kind text, n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
	SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || kind || '008000'
		|| lpad(to_hex(n), 12, '0'))::uuid
$$;
CREATE TABLE bench.shop AS SELECT :customers::bigint AS customers, :customers::bigint / 20 AS codes,
	now() - interval '3 years' AS began,
	'{Jean,Aline,Eric,Claudine,Emmanuel,Chantal,Patrick,Divine,Olivier,Grace,Innocent,Josiane}'::text[]
		AS first,
	'{Uwimana,Mukamana,Habimana,Niyonzima,Uwase,Ndayisaba,Mukeshimana,Hakizimana}'::text[] AS last;

INSERT INTO users (id, first_name, last_name, email)
SELECT bench.id_of(began, 'c', n), 'Clerk', n::text, 'clerk' || n || '@promo.example'
FROM bench.shop, generate_series(1, 20) n;
INSERT INTO batches (id, batch_name, total_codes, ready_codes, amount_per_code, currency, expires_on,
	expiration_date, code_format, status, created_at)
SELECT bench.id_of(began, 'b', n), 'BATCH_' || n, codes, codes, 500,
	CASE WHEN n % 10 = 9 THEN 'EUR' ELSE 'RWF' END, current_date + 300, current_date + 301,
	'XXXX-XXYY-XXMM-XXDD', 'active', began
FROM bench.shop, generate_series(0, 99) n;
DROP INDEX customer_search_pieces_idx;

-- What the pieces are made of; each takes the numbers from $1 on, less than $2.
CREATE PROCEDURE bench.customers(bigint, bigint) LANGUAGE sql AS $$
	INSERT INTO customers (id, first_name, last_name, phone_number, email, created_at)
	SELECT bench.id_of(began, 'a', n), first[1 + n % 12],
		-- Two in three have a common name, the third has one of his own.
		CASE WHEN n % 3 > 0 THEN last[1 + (n / 12) % 8]
			ELSE initcap(translate(md5(n::text), '0123456789', 'ghijklmnop')) END,
		'+2507' || lpad((n * 48271 % 100000000)::text, 8, '0'),
		CASE WHEN n % 10 = 0 THEN md5('mail' || n) || '@example.com' END,
		began + interval '3 years' * (n::float8 / customers)
	FROM bench.shop, generate_series($1, $2 - 1) n;
	INSERT INTO customer_search (customer_id, text)
	SELECT id, lower(concat_ws(' ', first_name, last_name)) || E'\n' || phone_number || E'\n'
		|| coalesce(lower(email), '')
	FROM bench.shop, customers
	WHERE id BETWEEN bench.id_of(began, 'a', $1) AND bench.id_of(began, 'a', $2 - 1)
$$;
-- Half of a batch is redeemed.
CREATE PROCEDURE bench.codes(bigint, bigint) LANGUAGE sql AS $$
	INSERT INTO promo_codes (id, code, batch_id, serial, amount, status, redeemed_at)
	SELECT bench.id_of(began, 'd', n), 'Z' || lpad((n / codes)::text, 5, '0')
			|| lpad((n % codes)::text, 10, '0'),
		bench.id_of(began, 'b', n / codes), n % codes + 1, 500,
		CASE WHEN n % 2 = 0 THEN 'redeemed' ELSE 'active' END, CASE WHEN n % 2 = 0 THEN began END
	FROM bench.shop, generate_series($1, $2 - 1) n
$$;
CREATE PROCEDURE bench.redemptions(bigint, bigint) LANGUAGE sql AS $$
	INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status,
		idempotency_key, request_hash, error_code, error_message, refused_batch_id, created_at,
		completed_at)
	SELECT bench.id_of(t.at, CASE WHEN f.ailed THEN 'f' ELSE 'e' END, n),
		bench.id_of(began, 'c', CASE WHEN n < customers / 40 THEN 20 ELSE 1 + n % 19 END),
		-- Of ten batches in turn, then of the next ten.
		bench.id_of(began, 'd', n / (codes * 5) * 10 * codes
			+ n % 10 * codes + n % (codes * 5) / 10 * 2),
		bench.id_of(began, 'a', CASE WHEN n % 50 = 1 THEN 1 ELSE 1 + n * 7919 % (customers - 1) END),
		500, CASE WHEN f.ailed THEN 'failed' ELSE 'completed' END,
		'shop/' || n || f.ailed, 'x', CASE WHEN f.ailed THEN 'code_already_redeemed' END,
		CASE WHEN f.ailed THEN 'the code was redeemed' END,
		CASE WHEN f.ailed THEN bench.id_of(began, 'b', n / (codes * 5) * 10 + n % 10) END, t.at, CASE WHEN NOT f.ailed THEN t.at END
	FROM bench.shop, generate_series($1, $2 - 1) n,
		LATERAL (VALUES (false), (true)) AS f (ailed),
		LATERAL (SELECT began + interval '3 years' * (n / (customers * 2.5))
			+ CASE WHEN f.ailed THEN interval '1 second' ELSE interval '0' END AS at) t
	WHERE NOT f.ailed OR n % 50 = 7
$$;
CREATE PROCEDURE bench.fill(kind text, count bigint, pieces bigint) LANGUAGE plpgsql AS $$
BEGIN
	FOR piece IN 0 .. pieces - 1 LOOP
		EXECUTE format('CALL bench.%I($1, $2)', kind)
			USING count * piece / pieces, count * (piece + 1) / pieces;
		COMMIT;
		RAISE NOTICE '%: % of %, %', kind, count * (piece + 1) / pieces, count,
			to_char(clock_timestamp(), 'HH24:MI:SS');
	END LOOP;
END
$$;
CALL bench.fill('customers', :customers, 5);
CALL bench.fill('codes', :customers * 5, 10);
CALL bench.fill('redemptions', :customers * 5 / 2, 10);

INSERT INTO totals (batch_id, day, lane, redeemed, redeemed_amount)
SELECT p.batch_id, (r.created_at AT TIME ZONE 'Africa/Kigali')::date, p.serial / 2 % 3, count(*),
	sum(r.amount)
FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id
WHERE r.status = 'completed'
GROUP BY 1, 2, 3;
UPDATE customer_rounds SET redemption_id = (SELECT id FROM redemptions ORDER BY id DESC LIMIT 1);
CREATE INDEX customer_search_pieces_idx ON customer_search USING gin (promo_pieces(text))
	WITH (gin_pending_list_limit = 1024);
SET client_min_messages = warning;
DROP SCHEMA bench CASCADE;
VACUUM (ANALYZE);
