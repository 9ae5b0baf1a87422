-- Makes all codes of a batch exist for people; a batch that was waiting for them becomes active.
-- $1 id uuid
UPDATE batches SET ready_codes = total_codes,
	status = CASE WHEN status = 'generating' THEN 'active' ELSE status END,
	updated_at = now(), version = version + 1
WHERE id = $1::uuid AND ready_codes < total_codes;
