-- Notes that this version runs; whether another one ran before it, and nobody was told yet.
-- $1 version text
-- -> truth
WITH new AS (
	INSERT INTO told (event, about) VALUES ('system.updated', $1::text)
	ON CONFLICT DO NOTHING
	RETURNING about)
SELECT EXISTS (SELECT FROM new)
	AND EXISTS (SELECT FROM told WHERE event = 'system.updated' AND about <> $1::text) AS yes;
