-- All customers, newest first, as columns of a CSV file.
-- planned anew
-- $1 q text
-- -> columns
SELECT id, phone_number, first_name, last_name, email, redemptions_count,
	(SELECT string_agg(a.amount || ' ' || a.currency, '; ' ORDER BY a.currency)
		FROM unnest("redeemed_amount.amount", "redeemed_amount.currency") a (amount, currency)),
	last_redemption_at, created_at, updated_at
FROM customer_rows
WHERE ($1::text IS NULL OR strpos(lower(concat_ws(' ', first_name, last_name)), lower($1::text)) > 0
		OR strpos(phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR strpos(lower(email), lower($1::text)) > 0 OR id::text = lower($1::text))
ORDER BY id DESC;
