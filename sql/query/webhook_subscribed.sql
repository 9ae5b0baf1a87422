-- The webhooks that are told of an event; none of them is deleted before this transaction ends.
-- $1 event text
-- -> id
SELECT id FROM webhooks
WHERE is_active AND $1::text = ANY (events)
ORDER BY id
FOR KEY SHARE
