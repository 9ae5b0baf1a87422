-- Finding customers among millions, and forgetting them (docs/decisions/0038-people.md).

-- The pieces of three characters in a text. What stands in an index may depend on nothing but the text,
-- and a text is found in another one only if all its pieces are there.
CREATE FUNCTION promo_pieces(t text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT ARRAY(SELECT substr($1, n, 3) FROM generate_series(1, length($1) - 2) AS g (n))
$$;

-- What customers are searched by: the name, the phone number and the e-mail address, a line each, in
-- lower case. A table of its own, kept up by the job engine: an index of customers themselves would be
-- paid for at the counter, where they are inserted.
CREATE TABLE customer_search (
	customer_id uuid CONSTRAINT customer_search_pkey PRIMARY KEY
		CONSTRAINT customer_search_customer_fkey REFERENCES customers (id) ON DELETE CASCADE,
	text text NOT NULL
);
-- What is pending is put in its place by the one who writes, for whom nobody waits: many at once cost
-- a fraction. Who reads looks through it, so it is kept short.
CREATE INDEX customer_search_pieces_idx ON customer_search USING gin (promo_pieces(text))
	WITH (gin_pending_list_limit = 1024);

-- How far the table above is, and who was looked at last by those who go round: one row, which is
-- locked by whoever writes or erases.
CREATE TABLE customer_rounds (
	id integer CONSTRAINT customer_rounds_pkey PRIMARY KEY
		CONSTRAINT customer_rounds_id_check CHECK (id = 1),
	redemption_id uuid NOT NULL, -- whose customer is known to it, and those of all older ones
	searched_id uuid NOT NULL,   -- of all customers, once more
	kept_id uuid NOT NULL        -- of all customers, whether it is time to forget them
);
INSERT INTO customer_rounds VALUES (1, '00000000-0000-0000-0000-000000000000',
	'00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000');
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_search TO promo_app;
GRANT SELECT, UPDATE ON customer_rounds TO promo_app;

-- Who is erased may have been a claimant.
CREATE INDEX fraud_reports_claimant_idx ON fraud_reports (claimant_phone_number);
