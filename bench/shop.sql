-- A shop of :customers customers for bench/shop, as the daemon would have written it in three years.
\set ON_ERROR_STOP on
BEGIN;
CREATE FUNCTION pg_temp.id_of(at timestamptz, n bigint) RETURNS uuid LANGUAGE sql AS $$
	SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8000'
		|| lpad(to_hex(n), 12, '0'))::uuid
$$;
CREATE TEMP TABLE names AS SELECT
	'{Jean,Aline,Eric,Claudine,Emmanuel,Chantal,Patrick,Divine,Olivier,Grace,Innocent,Josiane}'::text[] AS first,
	'{Uwimana,Mukamana,Habimana,Niyonzima,Uwase,Ndayisaba,Mukeshimana,Hakizimana}'::text[] AS last;

INSERT INTO customers (id, first_name, last_name, phone_number, email, created_at)
SELECT pg_temp.id_of(at, n), first[1 + n % 12],
	-- Two in three have a common name, the third has one of his own.
	CASE WHEN n % 3 > 0 THEN last[1 + n % 8]
		ELSE initcap(translate(md5(n::text), '0123456789', 'ghijklmnop')) END,
	'+2507' || lpad((n::bigint * 48271 % 100000000)::text, 8, '0'),
	CASE WHEN n % 10 = 0 THEN md5('mail' || n) || '@example.com' END, at
FROM names, generate_series(1, :customers) AS n,
	LATERAL (SELECT now() - interval '3 years' * (1 - n::float8 / :customers) AS at) t
ON CONFLICT (phone_number) DO NOTHING;

INSERT INTO customer_search (customer_id, text)
SELECT id, lower(concat_ws(' ', first_name, last_name)) || E'\n' || phone_number || E'\n'
	|| coalesce(lower(email), '') FROM customers ORDER BY id;

INSERT INTO batches (id, batch_name, total_codes, ready_codes, amount_per_code, currency, expires_on,
	expiration_date, code_format, status)
SELECT pg_temp.id_of(now() - interval '3 years', n), 'BATCH_' || n, :customers / 20, :customers / 20, 500,
	CASE WHEN n % 10 = 0 THEN 'EUR' ELSE 'RWF' END, current_date + 300,
	current_date + 301, 'XXXX-XXYY-XXMM-XXDD', 'active'
FROM generate_series(1, 100) n;

-- Half of a batch is redeemed, batch after batch.
INSERT INTO promo_codes (id, code, batch_id, serial, amount, status, redeemed_at)
SELECT pg_temp.id_of(now() - interval '3 years', b.n * :customers / 20 + s),
	'Z' || lpad(b.n::text, 5, '0') || lpad(s::text, 10, '0'),
	pg_temp.id_of(now() - interval '3 years', b.n), s, 500,
	CASE WHEN s % 2 = 0 THEN 'redeemed' ELSE 'active' END, CASE WHEN s % 2 = 0 THEN now() END
FROM generate_series(1, 100) AS b (n), generate_series(1, :customers / 20) s;

INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, idempotency_key,
	request_hash, created_at, completed_at)
SELECT pg_temp.id_of(at, o.n), (SELECT id FROM users ORDER BY id LIMIT 1), o.id, c.id, 500,
	'completed', 'shop/' || o.n, 'x', at, at
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM promo_codes WHERE status = 'redeemed') o
JOIN (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS n FROM customers) c
	ON c.n = 1 + o.n * 7919 % (SELECT count(*) FROM customers),
	LATERAL (SELECT now() - interval '3 years' * (1 - o.n / (:customers * 2.5)) AS at) t;

INSERT INTO totals (batch_id, day, lane, redeemed, redeemed_amount)
SELECT p.batch_id, (r.created_at AT TIME ZONE 'Africa/Kigali')::date, count_lane, count(*), sum(r.amount)
FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id,
	LATERAL (SELECT abs(hashtext(r.id::text)) % 3 AS count_lane) l
GROUP BY 1, 2, 3;
UPDATE customer_rounds SET redemption_id = (SELECT id FROM redemptions ORDER BY id DESC LIMIT 1);
COMMIT;
