-- Whose turn it was (docs/decisions/0044): a number of steps says nothing any more when the list of
-- recipients is another one.
ALTER TABLE alerts ADD COLUMN escalated_to text[] NOT NULL DEFAULT '{}';
UPDATE alerts a SET escalated_to = ARRAY(
	SELECT t.who FROM jsonb_array_elements_text(s.value) WITH ORDINALITY AS t (who, place)
	WHERE t.place <= a.escalation_step ORDER BY t.place)
FROM system_settings s
WHERE s.category = 'alerts' AND s.key = 'escalation.recipients' AND jsonb_typeof(s.value) = 'array'
	AND a.status <> 'resolved' AND a.escalation_step > 0;
