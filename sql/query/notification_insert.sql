-- Tells users of something.
-- $1 ids uuid[]
-- $2 user_ids uuid[]
-- $3 kind text
-- $4 title text
-- $5 body text
-- $6 link jsonb
INSERT INTO notifications (id, user_id, kind, title, body, link)
SELECT n.id, n.user_id, $3::text, $4::text, $5::text, $6::jsonb
FROM unnest($1::uuid[], $2::uuid[]) AS n (id, user_id);
