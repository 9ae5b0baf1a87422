-- Goes on from one place of the trail to another, and takes or keeps the right to watch: of several that read
-- the same rows, one does what they ask for.
-- $1 owner text
-- $2 from text
-- $3 to text
-- $4 lease_s bigint
UPDATE alert_watch SET position = $3::text, owner = $1::text,
	lease_until = now() + make_interval(secs => $4::bigint)
WHERE id = 1 AND position IS NOT DISTINCT FROM $2::text AND (owner = $1::text OR lease_until < now())
