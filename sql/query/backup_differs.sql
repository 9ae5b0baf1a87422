-- Whether what a database holds is not what the other one held; what only one of them knows of is passed over.
-- $1 held text
-- $2 holds text
-- -> truth
SELECT EXISTS (SELECT FROM jsonb_each($1::text::jsonb) h
	WHERE $2::text::jsonb ? h.key AND $2::text::jsonb -> h.key <> h.value) AS yes
