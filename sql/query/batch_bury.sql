-- Makes a batch gone for everyone: its codes are no longer ready, its name is free.
-- $1 id uuid
UPDATE batches SET deleted_at = now(), ready_codes = 0, status = 'archived', updated_at = now(),
	version = version + 1, batch_name = left(batch_name, 60) || '-' || upper(replace(id::text, '-', ''))
WHERE id = $1::uuid AND deleted_at IS NULL;
