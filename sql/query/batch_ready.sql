-- Makes all codes of a batch exist for people; a batch that was waiting for them becomes active, and
-- one that had been archived because nothing was left of it comes back. Who archived it by hand, before
-- or meanwhile, meant that.
-- $1 id uuid
-- $2 revives boolean
UPDATE batches SET ready_codes = total_codes,
	status = CASE WHEN status = 'generating' OR (status = 'archived' AND $2::boolean) THEN 'active'
		ELSE status END,
	updated_at = now(), version = version + 1
WHERE id = $1::uuid AND deleted_at IS NULL AND ready_codes < total_codes;
