-- Where an import stands, and the batch that its codes have to fit.
-- $1 job_id uuid
-- -> import
SELECT i.bytes, i.skip, i.dry_run, i.any_format, i.zone, i.first_serial, i.position, i.line,
	i.rows_read, i.accepted, i.rejected, i.duplicates, i.redeemed, i.blocked, i.unlike_ours,
	i.reject_parts, coalesce((j.params ->> 'most')::bigint, 2147483647) AS most, b.amount_per_code, b.currency, b.expiration_date AS expires_at,
	b.expires_on, b.code_format, (now() AT TIME ZONE i.zone)::date AS day
FROM imports i JOIN jobs j ON j.id = i.job_id JOIN batches b ON b.id = i.batch_id
WHERE i.job_id = $1::uuid AND b.deleted_at IS NULL;
