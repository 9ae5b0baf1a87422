-- A new batch. Its last day is good to its end in the shop's time zone.
-- $1 id uuid
-- $2 batch_name text
-- $3 description text
-- $4 total_codes integer
-- $5 amount_per_code numeric
-- $6 currency text
-- $7 day date
-- $8 zone text
-- $9 code_format text
-- $10 assigned_user_id uuid
-- $11 status text
-- $12 created_by uuid
INSERT INTO batches (id, batch_name, description, total_codes, amount_per_code, currency,
	expires_on, expiration_date, code_format, assigned_user_id, status, created_by)
VALUES ($1::uuid, $2::text, $3::text, $4::integer, $5::numeric, $6::text,
	$7::date, ($7::date + 1)::timestamp AT TIME ZONE $8::text, $9::text, $10::uuid, $11::text,
	$12::uuid);
