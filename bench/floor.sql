-- The floors of bench/verify and bench/redeem: the same work as one prepared function call per
-- transaction, run by pgbench straight at the server. No HTTP, no sign-in, no decoding, no look at
-- who is calling: what is left is what PostgreSQL needs for the work itself, written as cheaply as
-- a function can do it. Run as owner, on the schema as it is shipped.
--
-- The codes are made of numbers, so that pgbench can name one without a look-up of its own, and ids
-- of numbers that rise, as ours do: random ones would cost the floor more. Each client is a writer of
-- the audit trail that counts its own rows, so the floor need not.

CREATE SCHEMA bench;

-- A code of digits, XXXX-XXYY-XXMM-XXDD with the same day in all, and in another order than the
-- numbers: codes come back in no order.
CREATE FUNCTION bench.code(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN lpad(((n * 2654435761 % 10000000000) / 10000 * 10000000000
		+ 2600000000
		+ (n * 2654435761 % 10000000000) / 100 % 100 * 1000000
		+ 10000
		+ (n * 2654435761 % 10000000000) % 100 * 100
		+ 1)::text, 16, '0');

CREATE FUNCTION bench.id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
	RETURN lpad(to_hex(n), 32, '0')::uuid;

-- A clerk for each client: all as one would wait for the locks that foreign keys take on his row.
CREATE FUNCTION bench.clerk(client integer) RETURNS uuid LANGUAGE sql IMMUTABLE
	RETURN bench.id(1000000000000 + client);
INSERT INTO users (id, first_name, last_name, email)
SELECT bench.clerk(n), 'Clerk', n::text, 'clerk' || n || '@promo.example'
FROM generate_series(0, 1023) n;

-- Codes p_from .. p_to in the batch of this name, in the order of the codes, as a job makes them.
CREATE FUNCTION bench.fill(p_batch text, p_from bigint, p_to bigint) RETURNS void LANGUAGE sql
BEGIN ATOMIC
	UPDATE batches SET total_codes = p_to::integer, ready_codes = p_to::integer, status = 'active'
	WHERE batch_name = p_batch;
	INSERT INTO promo_codes (id, code, batch_id, serial, amount)
	SELECT bench.id(p_from + row_number() OVER (ORDER BY c.code)), c.code, b.id, c.n,
		b.amount_per_code
	FROM (SELECT n, bench.code(n) AS code FROM generate_series(p_from, p_to) n) c
	CROSS JOIN batches b
	WHERE b.batch_name = p_batch ORDER BY c.code;
END;

CREATE FUNCTION bench.verify(p_code text, p_writer bigint, p_seq bigint, p_user uuid)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_code record;
BEGIN
	SELECT p.id, p.status, p.amount, b.batch_name, b.status AS batch_status, b.expiration_date
	INTO v_code
	FROM promo_codes p JOIN batches b ON b.id = p.batch_id
	WHERE p.code = p_code AND p.serial <= b.ready_codes;
	INSERT INTO audit_log (writer_id, seq, id, actor_kind, actor_id, action, permission,
		entity_kind, entity_id, outcome)
	VALUES (p_writer, p_seq, bench.id(p_seq), 'user', p_user, 'code.verify',
		'promo-codes.search', 'code', v_code.id, 'allowed');
	RETURN v_code.status;
END $$;

CREATE FUNCTION bench.redeem(p_code text, p_phone text, p_key text, p_n bigint, p_lane integer,
	p_writer bigint, p_seq bigint, p_user uuid)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	v_code record;
	v_customer uuid;
BEGIN
	PERFORM 1 FROM redemptions WHERE idempotency_key = p_key;
	SELECT p.id, p.status, p.amount, p.batch_id, b.status AS batch_status, b.expiration_date
	INTO v_code
	FROM promo_codes p JOIN batches b ON b.id = p.batch_id
	WHERE p.code = p_code AND p.serial <= b.ready_codes
	FOR UPDATE OF p;
	IF v_code.status <> 'active' OR v_code.batch_status <> 'active'
			OR v_code.expiration_date <= now() THEN
		RAISE EXCEPTION 'code % is not active', p_code;
	END IF;
	SELECT id INTO v_customer FROM customers WHERE phone_number = p_phone;
	IF v_customer IS NULL THEN
		v_customer := bench.id(p_n);
		INSERT INTO customers (id, phone_number) VALUES (v_customer, p_phone);
	END IF;
	UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() WHERE id = v_code.id;
	INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status,
		idempotency_key, request_hash, completed_at)
	VALUES (bench.id(p_n), p_user, v_code.id, v_customer, v_code.amount, 'completed', p_key,
		p_key, now());
	INSERT INTO totals AS t (batch_id, day, lane, redeemed, redeemed_amount)
	VALUES (v_code.batch_id, now()::date, p_lane, 1, v_code.amount)
	ON CONFLICT (batch_id, day, lane) DO UPDATE SET redeemed = t.redeemed + 1,
		redeemed_amount = t.redeemed_amount + excluded.redeemed_amount;
	INSERT INTO audit_log (writer_id, seq, id, actor_kind, actor_id, action, permission,
		entity_kind, entity_id, outcome)
	VALUES (p_writer, p_seq, bench.id(p_n), 'user', p_user, 'redemption.create',
		'redemptions.create', 'code', v_code.id, 'allowed');
	RETURN bench.id(p_n);
END $$;
