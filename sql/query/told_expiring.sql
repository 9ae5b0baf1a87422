-- Notes batches with active codes that end within so many days, and nobody was told of yet; one whose
-- end was moved is told of again.
-- $1 days bigint
-- -> batch_soon
WITH soon AS (
	SELECT b.id, b.batch_name, b.assigned_user_id, b.expires_on,
		b.id || to_char(b.expires_on, ' YYYY-MM-DD') AS about,
		b.ready_codes - (SELECT coalesce(sum(t.redeemed + t.blocked + t.deleted + t.imported), 0)
			FROM totals t WHERE t.batch_id = b.id)::bigint AS active
	FROM batches b
	WHERE b.status = 'active' AND b.deleted_at IS NULL AND b.expiration_date > now()
		AND b.expiration_date <= now() + make_interval(days => $1::bigint::integer)),
new AS (
	INSERT INTO told (event, about)
	SELECT 'batch.expiring', about FROM soon WHERE active > 0 ORDER BY about
	ON CONFLICT DO NOTHING
	RETURNING about)
SELECT s.id, s.batch_name, s.assigned_user_id, s.expires_on AS day, s.active
FROM soon s JOIN new n ON n.about = s.about
ORDER BY s.id;
