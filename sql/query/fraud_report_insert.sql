-- A report on a code that somebody else now brings.
-- $1 id uuid
-- $2 code_id uuid
-- $3 redemption_id uuid
-- $4 first_name text
-- $5 last_name text
-- $6 phone_number text
-- $7 type text
-- $8 description text
-- $9 reported_by uuid
INSERT INTO fraud_reports (id, promo_code_id, redemption_id, claimant_first_name,
	claimant_last_name, claimant_phone_number, type, description, reported_by)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::text, $9::uuid);
