-- Every setting that somebody set; a value of any JSON type as its text, a list as one line an item.
-- -> setting
SELECT category, key,
	CASE WHEN jsonb_typeof(value) = 'array'
		THEN coalesce((SELECT string_agg(item, E'\n' ORDER BY place)
			FROM jsonb_array_elements_text(value) WITH ORDINALITY AS t (item, place)), '')
		ELSE value #>> '{}' END AS value
FROM system_settings
