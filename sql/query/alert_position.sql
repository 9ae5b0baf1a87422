-- Up to where the rules have read the trail; nobody ever did: no row.
-- -> columns
SELECT position FROM alert_watch WHERE id = 1 AND position IS NOT NULL
