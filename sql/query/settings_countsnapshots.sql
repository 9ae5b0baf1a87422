-- How many snapshots there are.
-- -> count
SELECT count(*) AS count FROM setting_snapshots
