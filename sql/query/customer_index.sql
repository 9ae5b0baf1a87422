-- Writes what the next customers are searched by: those of the redemptions that came since the last
-- time, which is who is new or told his name, and some more of all of them in turn, so that none is
-- missed for ever. The newest redemptions are left for the next time: some of their age may not be
-- committed yet.
-- $1 rest_s bigint
-- $2 redemptions bigint at most
-- $3 others bigint
WITH due AS MATERIALIZED (
	SELECT id, customer_id FROM redemptions
	WHERE id > (SELECT redemption_id FROM customer_rounds)
		AND id < (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 1000 * $1::bigint), 12,
			'0') || '00000000000000000000')::uuid
	ORDER BY id LIMIT $2::bigint
), others AS MATERIALIZED (
	SELECT id FROM customers WHERE id > (SELECT searched_id FROM customer_rounds)
	ORDER BY id LIMIT $3::bigint
), told AS (
	SELECT c.id, lower(concat_ws(' ', c.first_name, c.last_name)) || E'\n'
		|| coalesce(c.phone_number, '') || E'\n' || coalesce(lower(c.email), '') AS text
	FROM (SELECT customer_id AS id FROM due UNION SELECT id FROM others) o
	JOIN customers c ON c.id = o.id
), written AS (
	INSERT INTO customer_search AS s (customer_id, text)
	SELECT id, text FROM told WHERE NOT EXISTS (
		SELECT FROM customer_search f WHERE f.customer_id = told.id AND f.text = told.text)
	ORDER BY id
	ON CONFLICT (customer_id) DO UPDATE SET text = excluded.text
)
UPDATE customer_rounds SET
	redemption_id = coalesce((SELECT id FROM due ORDER BY id DESC LIMIT 1), redemption_id),
	searched_id = coalesce((SELECT id FROM others ORDER BY id DESC LIMIT 1),
		'00000000-0000-0000-0000-000000000000');
