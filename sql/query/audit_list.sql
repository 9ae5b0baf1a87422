-- One page of audit entries, newest first.
-- planned anew
-- $1 actor_id uuid
-- $2 action text[]
-- $3 entity_kind text
-- $4 entity_id uuid
-- $5 outcome text[]
-- $6 from timestamptz
-- $7 to timestamptz
-- $8 before uuid
-- $9 limit bigint
-- -> audit_entry
SELECT * FROM audit_rows
WHERE ($1::uuid IS NULL OR "actor.id" = $1::uuid)
	AND ($2::text[] IS NULL OR action = ANY ($2::text[]))
	AND ($3::text IS NULL OR "entity.kind" = $3::text)
	AND ($4::uuid IS NULL OR "entity.id" = $4::uuid)
	AND ($5::text[] IS NULL OR outcome = ANY ($5::text[]))
	AND ($6::timestamptz IS NULL OR at >= $6::timestamptz)
	AND ($7::timestamptz IS NULL OR at < $7::timestamptz)
	AND ($8::uuid IS NULL OR id < $8::uuid)
ORDER BY id DESC
LIMIT $9::bigint;
