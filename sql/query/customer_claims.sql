-- The cases in which the customer of this phone number brought a code.
-- $1 phone_number text
-- -> customer_claim
SELECT f.id, 'FRAUD' || lpad(f.number::text, greatest(6, length(f.number::text)), '0') AS number,
	f.created_at, f.type, f.status, f.description,
	f.claimant_first_name AS "claimant.first_name", f.claimant_last_name AS "claimant.last_name",
	f.claimant_phone_number AS "claimant.phone_number"
FROM fraud_reports f
WHERE f.claimant_phone_number = $1::text
ORDER BY f.id DESC;
