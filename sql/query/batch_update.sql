-- Changes what was given of a batch, if it is still of this version. A later last day brings back a
-- batch that was expired by hand.
-- $1 id uuid
-- $2 version bigint
-- $3 description_given boolean
-- $4 description text
-- $5 day date
-- $6 zone text
-- $7 amount_per_code numeric
UPDATE batches SET
	description = CASE WHEN $3::boolean THEN $4::text ELSE description END,
	status = CASE WHEN status = 'expired' AND $5::date > expires_on THEN 'active' ELSE status END,
	expires_on = coalesce($5::date, expires_on),
	expiration_date = coalesce(($5::date + 1)::timestamp AT TIME ZONE $6::text, expiration_date),
	amount_per_code = coalesce($7::numeric, amount_per_code),
	updated_at = now(), version = version + 1
WHERE id = $1::uuid AND version = $2::bigint AND deleted_at IS NULL;
