-- The sums of some days, as the shop counts days, and what is open now.
-- planned anew
-- $1 days integer up to today, where no first day is given
-- $2 from text a date, or an instant that lies in the day
-- $3 to text
-- $4 zone text
-- $5 hidden text[] kinds of alerts that who asks may not see
-- -> dashboard
WITH today AS (
	SELECT (now() AT TIME ZONE $4::text)::date AS day
), given AS (
	SELECT day AS today,
		CASE WHEN length($2::text) = 10 THEN $2::text::date
			ELSE ($2::text::timestamptz AT TIME ZONE $4::text)::date END AS first,
		CASE WHEN length($3::text) = 10 THEN $3::text::date
			ELSE ($3::text::timestamptz AT TIME ZONE $4::text)::date END AS last
	FROM today
), days AS (
	SELECT coalesce(first, today - ($1::integer - 1)) AS first,
		coalesce(last, greatest(first, today)) AS last
	FROM given
), sums AS (
	SELECT b.currency, sum(t.redeemed) AS redeemed, sum(t.redeemed_amount) AS amount,
		sum(t.reported) AS reported
	FROM (
		SELECT batch_id, sum(redeemed) AS redeemed, sum(redeemed_amount) AS redeemed_amount,
			sum(reported) AS reported
		FROM totals, days WHERE day BETWEEN days.first AND days.last
		GROUP BY batch_id) t
	JOIN batches b ON b.id = t.batch_id
	GROUP BY b.currency
), paid AS (
	SELECT * FROM sums WHERE redeemed > 0
)
SELECT d.first AS "from", d.last AS "to",
	(SELECT coalesce(sum(redeemed), 0)::bigint FROM sums) AS redeemed_codes,
	(SELECT coalesce(array_agg(currency ORDER BY currency), '{}') FROM paid)
		AS "redeemed_amount.currency",
	(SELECT coalesce(array_agg(amount::numeric(18,2) ORDER BY currency), '{}') FROM paid)
		AS "redeemed_amount.amount",
	(SELECT coalesce(sum(reported), 0)::bigint FROM sums) AS reported_codes,
	(SELECT count(*) FROM batches_effective WHERE effective_status = 'active') AS active_batches,
	(SELECT count(*) FROM alerts WHERE status = 'open'
		AND ($5::text[] IS NULL OR kind <> ALL ($5::text[]))) AS open_alerts
FROM days d;
