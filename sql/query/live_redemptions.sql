-- The redemptions and refused attempts that rows of the audit trail tell of. A replay tells of nothing new: only
-- the first answer was written in the transaction of the redemption, at its time.
-- $1 writer_id bigint[]
-- $2 seq bigint[]
-- -> redemption
SELECT r.*
FROM unnest($1::bigint[], $2::bigint[]) AS i (writer_id, seq)
CROSS JOIN LATERAL (SELECT entity_id, at, outcome FROM audit_log
	WHERE writer_id = i.writer_id AND seq = i.seq LIMIT 1) l
CROSS JOIN LATERAL (SELECT id FROM redemptions
	WHERE promo_code_id = l.entity_id AND created_at = l.at
		AND (status = 'completed') = (l.outcome = 'allowed') OFFSET 0) x
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = x.id LIMIT 1) r
