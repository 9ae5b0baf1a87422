-- The floors of bench/verify and bench/redeem: the same work as one prepared function call per
-- transaction, run by pgbench straight at the server. No HTTP, no sign-in, no decoding: what is
-- left is what PostgreSQL needs for the work itself. Run as owner, on the schema as it is shipped.
-- The codes are made of numbers, so that pgbench can name one without a look-up of its own.

CREATE SCHEMA bench;

-- One writer of the audit trail for each client, like a connection of the daemon.
CREATE TABLE bench.writers (client integer PRIMARY KEY, writer_id bigint NOT NULL);
WITH made AS (
	INSERT INTO audit_writers (process) SELECT 'bench' FROM generate_series(0, 63) RETURNING id
)
INSERT INTO bench.writers SELECT row_number() OVER () - 1, id FROM made;

CREATE FUNCTION bench.code(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN upper(left(md5(n::text), 16));

-- Codes floor_from .. floor_to in the batch of this name, in the order of the codes.
CREATE FUNCTION bench.fill(p_batch text, p_from bigint, p_to bigint) RETURNS void LANGUAGE sql
BEGIN ATOMIC
	UPDATE batches SET total_codes = p_to::integer, ready_codes = p_to::integer, status = 'active'
	WHERE batch_name = p_batch;
	INSERT INTO promo_codes (id, code, batch_id, serial, amount)
	SELECT gen_random_uuid(), bench.code(n), b.id, n, b.amount_per_code
	FROM generate_series(p_from, p_to) n CROSS JOIN batches b
	WHERE b.batch_name = p_batch ORDER BY bench.code(n);
END;

CREATE FUNCTION bench.audit(p_client integer, p_user uuid, p_action text, p_code uuid)
RETURNS void LANGUAGE sql
BEGIN ATOMIC
	WITH writer AS (
		UPDATE audit_writers SET seq = seq + 1
		WHERE id = (SELECT writer_id FROM bench.writers WHERE client = p_client)
		RETURNING id, seq
	)
	INSERT INTO audit_log (writer_id, seq, id, actor_kind, actor_id, action, permission,
		entity_kind, entity_id, outcome)
	SELECT id, seq, gen_random_uuid(), 'user', p_user, p_action, p_action, 'code', p_code, 'allowed'
	FROM writer;
END;

CREATE FUNCTION bench.verify(p_code text, p_client integer, p_user uuid)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_code record;
BEGIN
	SELECT p.id, p.status, p.amount, b.batch_name, b.status AS batch_status, b.expiration_date
	INTO v_code
	FROM promo_codes p JOIN batches b ON b.id = p.batch_id
	WHERE p.code = p_code AND p.serial <= b.ready_codes;
	PERFORM bench.audit(p_client, p_user, 'code.verify', v_code.id);
	RETURN v_code.status;
END $$;

CREATE FUNCTION bench.redeem(p_code text, p_phone text, p_key text, p_client integer, p_user uuid)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	v_code record;
	v_customer uuid;
	v_redemption uuid := gen_random_uuid();
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
		v_customer := gen_random_uuid();
		INSERT INTO customers (id, phone_number) VALUES (v_customer, p_phone);
	END IF;
	UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() WHERE id = v_code.id;
	INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status,
		idempotency_key, request_hash, completed_at)
	VALUES (v_redemption, p_user, v_code.id, v_customer, v_code.amount, 'completed', p_key, p_key,
		now());
	INSERT INTO totals AS t (batch_id, day, lane, redeemed, redeemed_amount)
	VALUES (v_code.batch_id, now()::date, p_client, 1, v_code.amount)
	ON CONFLICT (batch_id, day, lane) DO UPDATE SET redeemed = t.redeemed + 1,
		redeemed_amount = t.redeemed_amount + excluded.redeemed_amount;
	PERFORM bench.audit(p_client, p_user, 'redemption.create', v_code.id);
	RETURN v_redemption;
END $$;
