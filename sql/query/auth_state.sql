-- The state that every group reads first, and whose rights changed since an epoch.
-- $1 epoch bigint
-- -> auth_state
SELECT a.epoch, a.settings_version, a.maintenance, now() AS at, c.changed,
	a.epoch - $1::bigint <> c.epochs OR c.count = 1000 AS changed_all
FROM auth_state a
CROSS JOIN LATERAL (
	SELECT array_agg(DISTINCT user_id::text) AS changed, count(DISTINCT epoch) AS epochs,
		count(*) AS count
	FROM (SELECT epoch, user_id FROM auth_changes WHERE epoch > $1::bigint
		ORDER BY epoch LIMIT 1000) t) c
WHERE a.id = 1
