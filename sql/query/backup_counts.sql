-- What the database holds, to compare one that was restored with what was backed up.
-- -> backup_counts
SELECT jsonb_build_object(
	'users', (SELECT count(*) FROM users),
	'batches', (SELECT count(*) FROM batches),
	'codes', (SELECT count(*) FROM promo_codes),
	'codes_amount', (SELECT coalesce(sum(amount), 0)::text FROM promo_codes),
	'customers', (SELECT count(*) FROM customers),
	'redemptions', (SELECT count(*) FROM redemptions),
	'redemptions_amount', (SELECT coalesce(sum(amount), 0)::text FROM redemptions),
	'totals_redeemed', (SELECT coalesce(sum(redeemed), 0)::text FROM totals),
	'totals_amount', (SELECT coalesce(sum(redeemed_amount), 0)::text FROM totals),
	'fraud_reports', (SELECT count(*) FROM fraud_reports),
	'audit_entries', (SELECT count(*) FROM audit_log),
	'audit_seals', (SELECT count(*) FROM audit_seals),
	'last_seal', (SELECT s.id || ' ' || encode(s.root, 'hex') FROM audit_seals s
		ORDER BY s.id DESC LIMIT 1))::text AS counts
