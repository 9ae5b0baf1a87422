-- Redeems codes: each only if it and its batch are still what was decided upon, for a customer who
-- is one by now. A row for each that was redeemed; who has none was overtaken.
-- $1 code_ids uuid[] in the order of the codes, which is that of their locks
-- $2 batch_versions bigint[]
-- $3 ids uuid[]
-- $4 user_ids uuid[]
-- $5 phone_numbers text[]
-- $6 keys text[]
-- $7 request_hashes text[]
-- $8 notes text[]
-- $9 zone text
-- $10 lane integer of totals, so that no row of them is hot
-- -> redeemed
WITH locked AS MATERIALIZED (
	SELECT i.ord, i.id, i.user_id, i.key, i.request_hash, i.note,
		p.id AS code_id, p.batch_id, p.amount, c.id AS customer_id, c.first_name, c.last_name
	FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
		$8::text[]) WITH ORDINALITY
		i(code_id, batch_version, id, user_id, phone_number, key, request_hash, note, ord)
	-- Not FOR UPDATE: that would wait for those who only refer to the code.
	CROSS JOIN LATERAL (SELECT id, batch_id, amount FROM promo_codes
		WHERE id = i.code_id AND status = 'active' FOR NO KEY UPDATE) p
	CROSS JOIN LATERAL (SELECT FROM batches
		WHERE id = p.batch_id AND version = i.batch_version LIMIT 1) b
	CROSS JOIN LATERAL (SELECT * FROM customers WHERE phone_number = i.phone_number LIMIT 1) c
), taken AS (
	UPDATE promo_codes p SET status = 'redeemed', redeemed_at = now()
	FROM locked l WHERE p.id = l.code_id
	RETURNING l.*
), inserted AS (
	INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status,
		idempotency_key, request_hash, note, completed_at)
	SELECT id, user_id, code_id, customer_id, amount, 'completed', key, request_hash, note, now()
	FROM taken ORDER BY key
), counted AS (
	INSERT INTO totals AS t (batch_id, day, lane, redeemed, redeemed_amount)
	SELECT batch_id, (now() AT TIME ZONE $9::text)::date, $10::integer, count(*), sum(amount)
	FROM taken GROUP BY batch_id ORDER BY batch_id
	ON CONFLICT (batch_id, day, lane) DO UPDATE SET redeemed = t.redeemed + excluded.redeemed,
		redeemed_amount = t.redeemed_amount + excluded.redeemed_amount
)
SELECT ord, now() AS at, customer_id, first_name, last_name FROM taken
