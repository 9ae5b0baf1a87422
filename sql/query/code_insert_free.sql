-- Gives the serials of a chunk to those of the candidates that are free, as many as there are.
-- $1 batch_id uuid
-- $2 amount numeric
-- $3 ids uuid[]
-- $4 codes text[]
-- $5 serials integer[]
-- -> code_serial
INSERT INTO promo_codes (id, code, batch_id, serial, amount)
SELECT s.id, c.code, $1::uuid, s.serial, $2::numeric
FROM (
	SELECT d.code, row_number() OVER () AS place
	FROM (SELECT DISTINCT code FROM unnest($4::text[]) AS u (code)) d
	WHERE NOT EXISTS (SELECT FROM promo_codes p WHERE p.code = d.code)) c
JOIN unnest($3::uuid[], $5::integer[]) WITH ORDINALITY AS s (id, serial, place) USING (place)
ON CONFLICT (code) DO NOTHING
RETURNING serial;
