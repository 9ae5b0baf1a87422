-- The codes of some cases, to be locked before them.
-- $1 ids uuid[]
-- -> id
SELECT DISTINCT promo_code_id AS id FROM fraud_reports WHERE id = ANY ($1::uuid[]);
