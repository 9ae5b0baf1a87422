-- The audit trail in parts (docs/decisions/0042). A part holds the rows of 1,000,000,000 writers, of
-- which it needs some hundreds: when the next part begins, so do the numbers of new writers. So the key
-- stays (writer_id, seq), who reads a writer's rows by position looks into one part, and all that a part
-- holds is old when its writers are.
DROP VIEW audit_rows;
ALTER TABLE audit_log RENAME TO audit_log_0;
ALTER TABLE audit_log_0 RENAME CONSTRAINT audit_log_pkey TO audit_log_0_pkey;
CREATE TABLE audit_log (
	LIKE audit_log_0 INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
	CONSTRAINT audit_log_pkey PRIMARY KEY (writer_id, seq)
) PARTITION BY RANGE (writer_id);
ALTER TABLE audit_log ATTACH PARTITION audit_log_0 FOR VALUES FROM (MINVALUE) TO (1000000000);
REVOKE ALL ON audit_log_0 FROM promo_app;
GRANT SELECT, INSERT ON audit_log TO promo_app;

CREATE VIEW audit_rows AS
SELECT l.id, l.at, l.actor_id AS "actor.id", u.first_name || ' ' || u.last_name AS "actor.name",
	l.actor_kind AS "actor.kind", l.session_id, host(l.ip) AS ip, l.user_agent, l.action,
	l.permission, l.entity_kind AS "entity.kind", l.entity_id AS "entity.id", l.outcome, l.error,
	l.changes, l.count, l.request_id, (extract(epoch FROM l.at) * 1000000)::bigint AS place
FROM (
	SELECT id, at, actor_kind, actor_id, session_id, ip, user_agent, action, permission,
		entity_kind, entity_id, outcome, error, changes, count, request_id
	FROM audit_log
	UNION ALL
	SELECT id, at, actor_kind, actor_id, session_id, ip, user_agent, action, permission,
		entity_kind, entity_id, outcome, error, '[]'::jsonb, count, request_id
	FROM audit_folds) l
LEFT JOIN users u ON u.id = l.actor_id;
GRANT SELECT ON audit_rows TO promo_app;

-- What the trail is searched by: every row now, in the same parts. It is filled anew, behind the trail.
DROP TABLE audit_search;
DELETE FROM audit_search_positions;
CREATE TABLE audit_search (
	writer_id bigint NOT NULL,
	seq bigint NOT NULL,
	at timestamptz NOT NULL,
	id uuid NOT NULL,
	actor_id uuid,
	action text NOT NULL,
	entity_kind text,
	entity_id uuid,
	outcome text NOT NULL,
	CONSTRAINT audit_search_pkey PRIMARY KEY (writer_id, seq)
) PARTITION BY RANGE (writer_id);
CREATE TABLE audit_search_0 PARTITION OF audit_search FOR VALUES FROM (MINVALUE) TO (1000000000);
-- Each search has an index in the order of time behind what is asked for, so that a page is its length in
-- reads. Where that is the time alone, or the actor, the time stands as an expression, which only such
-- searches name: else the planner takes these two for what is rare, whenever it believes two filters to be
-- independent, and reads everything.
CREATE INDEX audit_search_at_idx ON audit_search ((at AT TIME ZONE 'UTC'));
CREATE INDEX audit_search_actor_idx ON audit_search (actor_id, (at AT TIME ZONE 'UTC'))
	WHERE actor_id IS NOT NULL;
CREATE INDEX audit_search_actor_action_idx ON audit_search (actor_id, action, at)
	WHERE actor_id IS NOT NULL;
CREATE INDEX audit_search_action_idx ON audit_search (action, at);
CREATE INDEX audit_search_entity_idx ON audit_search (entity_id, at) WHERE entity_id IS NOT NULL;
-- Few rows, and what people look for.
CREATE INDEX audit_search_refused_idx ON audit_search (at, outcome) WHERE outcome <> 'allowed';
CREATE INDEX audit_search_refused_actor_idx ON audit_search (actor_id, at, outcome)
	WHERE outcome <> 'allowed';
CREATE INDEX audit_search_refused_action_idx ON audit_search (action, at, outcome)
	WHERE outcome <> 'allowed';
CREATE INDEX audit_search_kind_idx ON audit_search (entity_kind, at)
	WHERE entity_kind NOT IN ('code', 'redemption');
GRANT SELECT, INSERT ON audit_search TO promo_app;

CREATE TABLE audit_parts (
	id bigint CONSTRAINT audit_parts_pkey PRIMARY KEY,
	began_at timestamptz NOT NULL DEFAULT now(),
	dropped_at timestamptz
);
INSERT INTO audit_parts (id) VALUES (0);
GRANT SELECT ON audit_parts TO promo_app;

-- By which seal a writer's rows are sealed up to its seq: a part may be dropped when a seal says so of
-- that one. What was sealed so far was so by the last seal at the latest.
ALTER TABLE audit_sealed ADD COLUMN seal bigint NOT NULL DEFAULT 0;
UPDATE audit_sealed SET seal = (SELECT coalesce(max(id), 0) FROM audit_seals);

-- What the owner wants the next seal to say: rows of seals up to this one may be dropped, being old.
ALTER TABLE audit_sealer ADD COLUMN drop_to bigint NOT NULL DEFAULT 0;
REVOKE UPDATE ON audit_sealer FROM promo_app;
GRANT UPDATE (owner, lease_until) ON audit_sealer TO promo_app;

-- Begins this part, unless somebody else did; nobody waits longer than half a second for its locks.
CREATE FUNCTION audit_part_begin(part bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	width CONSTANT bigint := 1000000000;
	name text;
BEGIN
	PERFORM set_config('lock_timeout', '500ms', true);
	INSERT INTO audit_parts (id) VALUES (part) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	FOREACH name IN ARRAY ARRAY['audit_log', 'audit_search'] LOOP
		EXECUTE format('CREATE TABLE %s_%s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
			name, part, name);
		EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s_%s FOR VALUES FROM (%s) TO (%s)',
			name, name, part, part * width, (part + 1) * width);
	END LOOP;
	PERFORM setval(pg_get_serial_sequence('audit_writers', 'id'), part * width, false);
	RETURN true;
END $$;

-- Drops this part: not the newest one, nothing that is still written, nothing that is not sealed, and
-- nothing of which no seal says that it may be gone. The tables last, since they are locked then.
CREATE FUNCTION audit_part_drop(part bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	width CONSTANT bigint := 1000000000;
	allowed bigint;
	first bigint := CASE WHEN part = 0 THEN -9223372036854775808 ELSE part * width END;
BEGIN
	PERFORM set_config('lock_timeout', '500ms', true);
	UPDATE audit_parts SET dropped_at = now() WHERE id = part AND dropped_at IS NULL;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	SELECT dropped_to INTO allowed FROM audit_seals ORDER BY id DESC LIMIT 1;
	IF part >= (SELECT max(id) FROM audit_parts) OR EXISTS (
		SELECT FROM audit_writers w LEFT JOIN audit_sealed s ON s.writer_id = w.id
		WHERE w.id >= first AND w.id < (part + 1) * width AND (w.closed_at IS NULL
			OR w.seq > coalesce(s.seq, 0) OR coalesce(s.seal, 0) > coalesce(allowed, 0)))
	THEN
		RAISE EXCEPTION 'part % of the audit trail may not be dropped', part;
	END IF;
	DELETE FROM audit_sealed WHERE writer_id >= first AND writer_id < (part + 1) * width;
	DELETE FROM audit_search_positions WHERE writer_id >= first AND writer_id < (part + 1) * width;
	DELETE FROM audit_writers WHERE id >= first AND id < (part + 1) * width;
	EXECUTE format('DROP TABLE audit_log_%s, audit_search_%s', part, part);
	RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION audit_part_begin(bigint), audit_part_drop(bigint) FROM PUBLIC;
