-- The redemptions and the refused attempts that idempotency keys belong to.
-- $1 keys text[]
-- -> key_found
SELECT i.ord, v.id AS "redemption.id", v.code_id AS "redemption.code_id", v.code AS "redemption.code",
	v."batch.id" AS "redemption.batch.id", v."batch.batch_name" AS "redemption.batch.batch_name",
	v."user.id" AS "redemption.user.id", v."user.name" AS "redemption.user.name",
	v."customer.id" AS "redemption.customer.id",
	v."customer.first_name" AS "redemption.customer.first_name",
	v."customer.last_name" AS "redemption.customer.last_name",
	v."customer.phone_number" AS "redemption.customer.phone_number",
	v.amount AS "redemption.amount", v.currency AS "redemption.currency",
	v.status AS "redemption.status", v.error_code AS "redemption.error_code",
	v.error_message AS "redemption.error_message", v.note AS "redemption.note",
	v.created_at AS "redemption.created_at", v.completed_at AS "redemption.completed_at",
	v.request_hash AS "redemption.request_hash"
FROM unnest($1::text[]) WITH ORDINALITY i(key, ord)
CROSS JOIN LATERAL (SELECT id FROM redemptions WHERE idempotency_key = i.key LIMIT 1) r
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = r.id LIMIT 1) v;
