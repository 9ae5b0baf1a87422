-- Makes all codes of a batch exist for people; a batch that was waiting for them becomes active, and
-- one that was put into the archive comes back.
-- $1 id uuid
UPDATE batches SET ready_codes = total_codes,
	status = CASE WHEN status IN ('generating', 'archived') THEN 'active' ELSE status END,
	updated_at = now(), version = version + 1
WHERE id = $1::uuid AND deleted_at IS NULL AND ready_codes < total_codes;
