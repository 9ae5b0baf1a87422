-- Takes away some of what was seen so long ago that no rule counts it any more.
-- $1 hours bigint
DELETE FROM alert_sightings WHERE (writer_id, seq) IN (
	SELECT writer_id, seq FROM alert_sightings
	WHERE at < now() - make_interval(hours => $1::bigint::integer) ORDER BY at LIMIT 10000)
